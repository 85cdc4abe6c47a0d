#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "arch/component.hpp"
#include "base/yaml.hpp"

namespace eyrie {

/// What cycles of one clock are in cycles of another, `ours` to `theirs` in lowest terms.
struct ClockRatio {
  std::int64_t ours = 1, theirs = 1;
  /// A started cycle counts whole.
  [[nodiscard]] Cycles operator()(Cycles cycles) const { return Cycles{ceil_div(cycles.count() * ours, theirs)}; }
};

/// How words of a layer and words of the machine make each other: so many `holds` in one, or `takes` of them for one.
struct WordShare {
  std::int64_t holds = 1, takes = 1;
  /// Words of the layer in so many of the machine's.
  [[nodiscard]] std::int64_t operator()(std::int64_t machine_words) const { return machine_words * holds / takes; }
  bool operator==(const WordShare&) const = default;
};

/// An immutable, fully checked machine. Build one with `read_architecture`.
struct Architecture {
  std::string kind = "architecture", name, title, source;
  Nanometres technology{};
  std::string energy_table;      ///< a file under configs/technologies/
  std::string dataflow = "any";  ///< that the machine is built for: a name under configs/dataflows/, or a path
  std::string fallback;          ///< a dataflow for layers that the first has no mapping for; empty: none
  std::vector<Clock> clocks;
  Widths words;
  Dram dram;
  std::vector<Sram> buffers;
  std::vector<Noc> networks;
  PeArray array;
  Place where;
  std::array<WordShare, 3> port_share{};  ///< of a port's words, by Operand; of a machine at its own widths: 1 and 1

  [[nodiscard]] std::int64_t pes() const { return array.rows * array.columns; }
  [[nodiscard]] Hertz clock(std::string_view clock_name) const;
  [[nodiscard]] Hertz core() const { return clock("core"); }
  /// From cycles of the clock called `from` to core cycles.
  [[nodiscard]] ClockRatio core_cycles_of(std::string_view from) const;
  /// Core cycles that `cycles` of the clock called `from` take, a started cycle counting whole.
  [[nodiscard]] Cycles core_cycles(Cycles cycles, std::string_view from) const { return core_cycles_of(from)(cycles); }
  /// Of DRAM's link.
  [[nodiscard]] double bytes_a_core_cycle() const;
  [[nodiscard]] Bits width(Operand) const;                   ///< of words in memories: input, weight, psum
  [[nodiscard]] const Noc* network(NocRole, Operand) const;  ///< null if there is none
  [[nodiscard]] const Spad* spad(Operand) const;
  /// The buffer and partition that hold a tensor; null if it bypasses all.
  [[nodiscard]] const Sram* buffer(Operand) const;
  [[nodiscard]] const Partition* partition(Operand) const;
  /// Words of a tensor that its partition's port reads or writes in a cycle.
  [[nodiscard]] WordsPerCycle read_rate(Operand) const;
  [[nodiscard]] WordsPerCycle write_rate(Operand) const;
};

/// Fields for reading, schema and writing.
void describe(Fields&, Architecture&);
/// Checks that need more than one component: partitions fit the banks, clocks exist, every tensor has a way in and out.
void check(const Architecture&, const YamlDocument&, Diagnostics&);
/// Reads and checks; all errors at once as InputError.
Architecture read_architecture(const YamlDocument&);

}  // namespace eyrie
