#pragma once

// A file of kind `technology`: figures of parts, each at its own node, supply and width, from which a machine's prices
// follow; or an energy table (or technology) taken to another node and supply.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/yaml.hpp"
#include "energy/energy_table.hpp"
#include "energy/sram.hpp"

namespace eyrie {

/// What a figure is of.
enum class PartKind : std::uint8_t {
  Multiply,
  Add,
  Compare,
  Count,
  RegisterRead,
  RegisterWrite,
  RegisterFile,
  FlipFlop,
  Wire,
  Control
};
template <>
struct names<PartKind> {
  static constexpr Name<PartKind> table[] = {
      {"multiply", PartKind::Multiply, "an integer multiplication, both operands `at` wide"},
      {"add", PartKind::Add, "an integer addition"},
      {"compare", PartKind::Compare, "a comparison"},
      {"count", PartKind::Count, "a step of a counter"},
      {"register_read", PartKind::RegisterRead, "a read of a register file of `depth` words"},
      {"register_write", PartKind::RegisterWrite, "a write of a register file of `depth` words"},
      {"register_file", PartKind::RegisterFile, "a register file of `depth` words, of its area alone"},
      {"flip_flop", PartKind::FlipFlop, "the clock of flip-flops, a cycle"},
      {"wire", PartKind::Wire, "bits over a millimetre, half of which toggle"},
      {"control", PartKind::Control, "a chip's controller, a cycle"}};
};

/// One figure of a part with its source. Energy, area and leakage may be known from different sources: then in
/// different figures.
struct PartFigure {
  PartKind what = PartKind::Multiply;
  Bits at{16};     ///< operand or word width; bits of flip-flops or wires
  Words depth{1};  ///< of a register file
  std::optional<Picojoules> energy;
  std::optional<SquareMicrons> area;
  std::optional<Milliwatts> leakage;
  Nanometres technology{};
  Volts voltage{};
  std::string source;
  Confidence confidence = Confidence::Assumed;
  std::string note;
  std::optional<double> within;  ///< as in Price
  Place where;

  [[nodiscard]] double width() const { return within.value_or(usual_width(confidence)); }
};

/// A kind of DRAM. Its energy has nothing to do with the node of the chip beside it.
struct DramType {
  std::string name, title;
  Picojoules energy{};  ///< of a bit moved
  std::string source;
  Confidence confidence = Confidence::Assumed;
  std::string note;
  std::optional<double> within;
  std::optional<Picojoules> activation;  ///< of opening a row; none: in `energy`, or not known
  Bytes row{};                           ///< bytes of a row
  double locality = 1;                   ///< share of a row that is moved each time it is opened
  Place where;
};

/// A file of kind `dram_types`.
struct DramTypes {
  std::string kind = "dram_types", name;
  std::vector<DramType> types;
};
void describe(Fields&, DramTypes&);
DramTypes read_dram_types(const YamlDocument&);

/// A file of kind `technology`, as it stands.
struct TechnologyFile {
  std::string kind = "technology", name, title;
  Nanometres technology{};
  Volts voltage{};
  std::string base;                ///< a technology or an energy table to take figures from
  std::optional<Hertz> frequency;  ///< core clock at which the base table's leakage a cycle holds
  std::string dram;                ///< which of `drams`; empty: the base's
  std::string drams;               ///< a file of kind `dram_types`
  std::vector<std::string> srams;  ///< files of kind `sram_sweep`
  std::vector<PartFigure> figures;
  Place where;
};
void describe(Fields&, TechnologyFile&);

/// A technology with all that it names. Either `table` or `figures` and `srams`.
struct Technology {
  std::string name, title;
  Nanometres technology{};
  Volts voltage{};
  std::optional<EnergyTable> table;  ///< to be taken to `technology` and `voltage`
  std::optional<Hertz> frequency;
  std::vector<PartFigure> figures;
  std::vector<SramSweep> sweeps;
  std::optional<SramModel> sram;  ///< of the sweep of the nearest node
  std::vector<DramType> drams;
  std::string dram;
  std::string dram_file;
  Place where;

  /// The DRAM called `type`, this technology's own if that is empty. InputError at `asked` with a did-you-mean.
  [[nodiscard]] const DramType& dram_called(const std::string& type, const Place& asked) const;
};

/// Opens what a file names: by name or path, from the path of the file that names it. InputError if it is not there.
using OpenNamed = std::function<YamlDocument(const std::string& name, const std::string& from)>;

/// Reads and checks a technology and all that it names: figures or a base, no base of itself, every figure within
/// reach of its node and supply, every part that a machine may need. All errors at once as InputError.
Technology read_technology(const YamlDocument&, const OpenNamed&);

/// What an SRAM macro would be at another node and supply.
struct SramEstimate {
  double value = 0;   ///< pJ, mW, um2 or ns, by figure
  double within = 1;  ///< fit by leave-one-out, tool against silicon (1.5), rules of scaling
  std::string source, note;
};
/// From the sweep of the nearest node: energy by the node rule and the square of the supply (sweeps are of plain CMOS
/// at the supply of their cells), leakage by the supply, area by node, times by feature size. InputError without a
/// place where the technology has no sweep or the macro is out of its reach.
SramEstimate sram_estimate(const Technology&, SramFigure, Bytes, Bits);
/// The same for area, at least that of the same bytes behind a narrower port (`SramModel::area_up_to`).
SramEstimate sram_area(const Technology&, Bytes, Bits);

/// The energy table of a machine in a technology: a price for every component and action, of its own capacity and
/// width. docs/technologies.md says how each is derived. InputError for what cannot be priced.
EnergyTable table_for(const Technology&, const Architecture&);

/// A table in another node and supply: energies by `energy_ratio`, leakage by supply and, with `frequency`, clock;
/// DRAM stays. Confidence is `derived` at best, intervals grow by `scaling_width`.
EnergyTable scaled(const EnergyTable&, Nanometres, Volts);

/// Prices of a machine from a file of kind `energy_table`, or `technology`. InputError also where the machine names a
/// type of DRAM and the file has none.
EnergyTable read_prices(const YamlDocument&, const Architecture&, const OpenNamed&);
/// The same where `read` reads a technology, or knows it from before.
using ReadTechnology = std::function<std::shared_ptr<const Technology>(const YamlDocument&)>;
EnergyTable read_prices(const YamlDocument&, const Architecture&, const ReadTechnology& read);

}  // namespace eyrie
