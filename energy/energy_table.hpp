#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "arch/architecture.hpp"
#include "base/yaml.hpp"
#include "dataflows/action_counts.hpp"

namespace eyrie {

/// What a price is for one of.
enum class Per : std::uint8_t { Word, Bit, Cycle, PeCycle, Slot, IdleCycle, Row, KibCycle };
template <>
struct names<Per> {
  static constexpr Name<Per> table[] = {{"word", Per::Word, "an element of the width that `at` states"},
                                        {"bit", Per::Bit, "a bit of an element, whatever its width"},
                                        {"cycle", Per::Cycle, "a core cycle"},
                                        {"pe_cycle", Per::PeCycle, "a core cycle of a PE that the mapping uses"},
                                        {"slot", Per::Slot, "a PE's cycle with a MAC, gated or not, or an addition"},
                                        {"idle_cycle", Per::IdleCycle, "a pe_cycle that is no slot"},
                                        {"row", Per::Row, "a DRAM row opened, for every `at` bits moved"},
                                        {"kib_cycle", Per::KibCycle, "a core cycle of a KiB of the machine's buffers"}};
};

/// How much a figure can be trusted.
enum class Confidence : std::uint8_t { SeenInText, Digitised, Derived, FromMemory, Assumed };
template <>
struct names<Confidence> {
  static constexpr Name<Confidence> table[] = {
      {"seen-in-text", Confidence::SeenInText, "read in the named source"},
      {"digitised", Confidence::Digitised, "taken from the vector graphics of a figure"},
      {"derived", Confidence::Derived, "computed from figures read in the named sources"},
      {"from-memory", Confidence::FromMemory, "recalled, not verified"},
      {"assumed", Confidence::Assumed, "chosen without a source"}};
};

/// The factor by which a figure of this confidence may be too small or too large, where its table does not say. These
/// widths are our assumption; every report says so.
double usual_width(Confidence);

/// What an energy table prices: an action of counts, or what time costs. Time is priced as one figure, `static`, or as
/// three: the clock network, leakage, and control; beside the three may stand what a PE that waits costs, `idle`. What
/// DRAM pays to open a row may stand beside what it pays for bits.
enum class Priced : std::uint8_t {
  Read,
  Write,
  Fill,
  Drain,
  Send,
  Deliver,
  Hop,
  Mac,
  GatedMac,
  Add,
  Compare,
  Encode,
  Decode,
  Wire,
  Activate,
  Static,
  Clock,
  Leakage,
  Control,
  Idle,
  Row
};
template <>
struct names<Priced> {
  static constexpr Name<Priced> table[] = {
      {"read", Priced::Read},       {"write", Priced::Write},     {"fill", Priced::Fill},
      {"drain", Priced::Drain},     {"send", Priced::Send},       {"deliver", Priced::Deliver},
      {"hop", Priced::Hop},         {"mac", Priced::Mac},         {"gated_mac", Priced::GatedMac},
      {"add", Priced::Add},         {"compare", Priced::Compare}, {"encode", Priced::Encode},
      {"decode", Priced::Decode},   {"wire", Priced::Wire},       {"activate", Priced::Activate},
      {"static", Priced::Static},   {"clock", Priced::Clock},     {"leakage", Priced::Leakage},
      {"control", Priced::Control}, {"idle", Priced::Idle},       {"row", Priced::Row}};
};
/// Is it paid by time, whatever is done?
constexpr bool is_of_time(Priced p) { return p >= Priced::Static && p <= Priced::Idle; }

/// What an action's price may be per, in words for a remedy; empty if it is per that.
std::string_view right_per(Priced, Per);

/// One figure with its source.
struct Price {
  std::string component;  ///< a component's name, or a kind: dram, sram, noc, link, spad, mac, rlc, array, chip
  Priced action = Priced::Read;
  Picojoules energy{};
  Per per = Per::Word;
  Bits at{16};  ///< word width that the figure is for; of `row`, bits moved for each row that is opened
  std::string source;
  Confidence confidence = Confidence::Assumed;
  std::string note;
  std::optional<double> within;  ///< the true figure lies between energy / within and energy * within; none: not said
  Place where;

  /// `within`, or the usual width of its confidence.
  [[nodiscard]] double width() const { return within.value_or(usual_width(confidence)); }
};

/// What is known of all that one source's prices charge together, better than of each: a calibration on measured power
/// knows the sum, and not its parts.
struct KnownSum {
  std::string source;  ///< as the prices have it
  double within = 1;   ///< as in Price
  std::string note;
  Place where;
  /// The source's areas are known in sum, where they come to this; another sum is another machine's. None: the prices.
  std::optional<SquareMicrons> area{};
  std::string machine{};  ///< that it was measured on, as `outline` has it: of another one it says nothing; empty: any
};
void describe(Fields&, KnownSum&);

/// A machine's PEs and capacities in a line: "12 x 14 PEs, glb 108 KiB, ifmap_spad 12 words".
std::string outline(const Architecture&);

/// What an area is of.
enum class AreaPer : std::uint8_t { Instance, Pe, Word, Bit };
template <>
struct names<AreaPer> {
  static constexpr Name<AreaPer> table[] = {
      {"instance", AreaPer::Instance, "a buffer, a network; one PE's scratch pad or MAC"},
      {"pe", AreaPer::Pe, "as often as the array has PEs"},
      {"word", AreaPer::Word,
       "a word of the width in `at`: of a memory's capacity, of what a network moves in a cycle"},
      {"bit", AreaPer::Bit, "a bit of the same"}};
};

/// How an area goes with the width of words.
enum class AreaScaling : std::uint8_t { Fixed, Linear, Square };
template <>
struct names<AreaScaling> {
  static constexpr Name<AreaScaling> table[] = {{"fixed", AreaScaling::Fixed, "it does not"},
                                                {"linear", AreaScaling::Linear, "in proportion"},
                                                {"square", AreaScaling::Square, "with the square, as multipliers do"}};
};

/// One area with its source.
struct AreaFigure {
  std::string component;  ///< as in Price; dram has none: it is off chip
  std::string part;       ///< tells several figures of one component apart; they add up
  SquareMicrons area{};
  AreaPer per = AreaPer::Instance;
  Bits at{16};                  ///< word width that the figure is for
  std::optional<Bytes> size{};  ///< capacity of the memory that an instance's figure is for; another is in proportion
  /// Unsaid: memories in PEs and networks linear, MACs square, all else fixed (a buffer's capacity is in bytes).
  std::optional<AreaScaling> scaling{};
  std::string source;
  Confidence confidence = Confidence::Assumed;
  std::string note;
  std::optional<double> within{};  ///< as in Price
  Place where{};

  [[nodiscard]] double width() const { return within.value_or(usual_width(confidence)); }
};
void describe(Fields&, AreaFigure&);

/// A part of a component of which the table has no area, beside others of which it has one.
struct AreaGap {
  std::string component;  ///< as in AreaFigure
  std::string part;       ///< what is missing: "wires"
  std::string note;
  Place where{};
};
void describe(Fields&, AreaGap&);

/// What arithmetic on words of another precision costs, as a share of what it costs on words of the machine's own.
/// energy/precision.hpp says how it is found.
struct ArithmeticShare {
  Bits at{16};  ///< the wider operand of the machine's own words, which its prices are looked up by
  double mac = 1, gated = 1, add = 1, activate = 1;
  bool operator==(const ArithmeticShare&) const = default;
};

/// Energies and areas of one technology. Source and confidence stand with every figure.
struct EnergyTable {
  std::string kind = "energy_table", name, title;
  Nanometres technology{};
  Volts voltage{};
  std::vector<Price> prices;
  std::vector<KnownSum> known_sums;
  Place where;
  std::vector<AreaFigure> areas{};
  std::vector<AreaGap> unknown_areas{};
  std::optional<ArithmeticShare> arithmetic{};  ///< of layers whose words have another precision; none: the machine's

  /// The price of an action: of the component by name, else of its kind. Null if there is none.
  [[nodiscard]] const Price* find(std::string_view component, std::string_view component_kind, Priced) const;
};
void describe(Fields&, EnergyTable&);

/// Takes away what is known in sum of the energies of another machine.
void drop_sums_of_others(EnergyTable&, const Architecture&);

/// Reads and checks: kind, at least one price, none twice, every component and source named, what time costs priced by
/// time and all else by the word or bit, no `static` beside clock, leakage or control, every known sum of a source that
/// prices something, areas as `check_areas` wants them. All errors at once as InputError.
EnergyTable read_energy_table(const YamlDocument&);

/// The kind of a component, by its name: dram, sram, noc, link, spad, mac, array; `rlc` for the coder.
std::string kind_of(const Architecture&, std::string_view component);

}  // namespace eyrie
