#pragma once

// The control program of a machine whose PEs work in lockstep: an instruction a pass. After Chen et al., DianNao,
// ASPLOS 2014, 5.3.2 and Tables 3 and 4: a slot for the control processor, one for each tensor's buffer and one for the
// array.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "arch/architecture.hpp"
#include "dataflows/mapping.hpp"
#include "sim/pass_sequence.hpp"
#include "workloads/nest.hpp"

namespace eyrie {

/// Where the words come from that a buffer hands to the array.
enum class ReadOp : std::uint8_t { Nop, Load, Read };
template <>
struct names<ReadOp> {
  static constexpr Name<ReadOp> table[] = {{"NOP", ReadOp::Nop, "nothing is read"},
                                           {"LOAD", ReadOp::Load, "a tile that DRAM brings for this pass"},
                                           {"READ", ReadOp::Read, "the tile that is in the buffer"}};
};

/// Where psums go.
enum class WriteOp : std::uint8_t { Write, Store };
template <>
struct names<WriteOp> {
  static constexpr Name<WriteOp> table[] = {{"WRITE", WriteOp::Write, "into the buffer, where the tile stays"},
                                            {"STORE", WriteOp::Store, "into the buffer; then the tile goes to DRAM"}};
};

/// A move between DRAM and a buffer. The address counts bytes from where the tensor begins in DRAM; it lies there load
/// after load, in the order of first use, so that each move is one run of bytes. Words that several tiles share because
/// their windows overlap stand in each of them, unless they stayed in the buffer.
struct Move {
  Bytes address{}, size{};
  bool operator==(const Move&) const = default;
};

/// What a tensor's buffer does in a pass.
struct ReadSlot {
  ReadOp op = ReadOp::Nop;
  bool reuse = false;  ///< the tile serves more than this pass: it was there before it, or is after it
  Move load;           ///< with Load
  bool operator==(const ReadSlot&) const = default;
};

/// One pass.
struct Instruction {
  bool end = false;              ///< the last one
  std::array<ReadSlot, 3> read;  ///< by Operand
  WriteOp write = WriteOp::Write;
  Move store;               ///< with Store
  bool activation = false;  ///< psums are finished and leave as words of the ofmap; else they go on as psums
  std::int64_t steps = 0;   ///< of the array
  bool operator==(const Instruction&) const = default;
};

/// A mapping's instructions, one after the other. Layer and machine must outlive it.
class Program {
 public:
  /// InputError if the machine has no such program: PEs that go on by themselves, a tensor that passes its buffer by.
  Program(const Mapping&, const LayerNest&, const Architecture&);
  /// The next instruction; nothing after the last. InputError if a pass has more steps than an instruction may have.
  std::optional<Instruction> next();

 private:
  /// A tile's relevant offsets and extents, and whether it was slid to.
  using Key = std::array<std::int64_t, 2 * kDims + 1>;
  struct Layout {
    std::map<Key, Bytes> at;
    Bytes end{};
    Move place(const Key&, Bytes size);
  };
  [[nodiscard]] ReadSlot operand(Operand, const sim::PassStep&);
  [[nodiscard]] ReadSlot psums(const sim::PassStep&);
  [[nodiscard]] Words brought(Operand, const sim::PassStep&) const;
  [[nodiscard]] std::int64_t steps(const Extents& pass) const;
  [[nodiscard]] bool finishes(const sim::Box& pass) const;
  [[nodiscard]] static Key key(Operand, const sim::Box&, bool slid);

  const LayerNest& layer_;
  const Architecture& a_;
  Extents part_;  ///< of a PE
  sim::PassSequence passes_;
  std::optional<sim::PassStep> ahead_;
  std::array<sim::Box, 3> tile_;  ///< in the buffers, by Operand
  std::array<Layout, 3> layout_;  ///< by Operand; of outputs the finished words
  Layout psums_;                  ///< that leave before they are finished
};

/// What is printed above a program.
struct ProgramHead {
  std::string layer, workload, origin;  ///< origin: of the mapping
  std::int64_t batch = 1;
};

/// For a terminal: instructions that differ by nothing but addresses that go on in equal steps share a line. `limit`:
/// so many instructions at most; 0: all.
std::string program_table(Program, const ProgramHead&, const LayerNest&, const Architecture&, std::int64_t limit);
/// One row an instruction.
std::string program_csv(Program, const LayerNest&, const Architecture&, std::int64_t limit);
/// One object an instruction; schema eyrie.program/1.
std::string program_json(Program, const ProgramHead&, const LayerNest&, const Architecture&, std::int64_t limit);

}  // namespace eyrie
