#pragma once

// The component kinds and their parameters, from DRAM inwards. A machine is a tree of these, written in YAML; no code
// knows a machine's name.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fields.hpp"
#include "base/operand.hpp"
#include "base/units.hpp"

namespace eyrie {

/// A named clock. The one called `core` is the one that cycles count.
struct Clock {
  std::string name;
  Hertz frequency{};
};

/// How filters are coded in DRAM.
enum class FilterCode : std::uint8_t { RunLength, Csc, Plain };
template <>
struct names<FilterCode> {
  static constexpr Name<FilterCode> table[] = {
      {"run_length", FilterCode::RunLength, "pairs of (zeros before, value) packed into words, as feature maps are"},
      {"csc", FilterCode::Csc, "compressed sparse columns: values with the zeros before them, and a pointer a column"},
      {"plain", FilterCode::Plain, "every value; shorter only where a codebook's indices stand for values"}};
};

/// Compressed sparse columns of filters. A column is what one input word meets: the filters of one (channel, row,
/// column). Its non-zero values stand with the zeros before each; those behind the last are left out, as a pointer says
/// where the column ends. Source: Eyeriss v2, JETCAS 2019: counts of 4 bits, pointers of 7.
struct CscCode {
  Bits count{4};    ///< zeros before a value: at most 2^count - 1; more are cut by a value of zero
  Bits pointer{7};  ///< a column's end: columns of at most 2^pointer - 1 filters; longer ones are cut
};

/// Zero-run compression: pairs of (zeros before, value), packed into words.
/// Source: Eyeriss, JSSC 2017, IV-B: 5-bit run, 16-bit level, three pairs and a terminator bit in 64 bits.
struct RunLengthCode {
  Bits run{5};             ///< the longest run is 2^run - 1; a longer one is cut by a pair with a zero level
  std::int64_t pairs = 3;  ///< in a packed word
  Bits word{64};
  std::vector<Operand> tensors;                ///< which tensors travel coded
  bool network_input_raw = true;               ///< layers that read a network input get it uncoded
  WordsPerCycle rate{1};                       ///< values that the coder or decoder handles in a core cycle
  FilterCode filters = FilterCode::RunLength;  ///< what filters are coded in, where they travel coded
  CscCode csc;                                 ///< its sizes
  bool codebook = false;  ///< values of filters that share few weights travel as indices into the layer's codebook
};

/// Who asks DRAM for tiles.
enum class DmaEngines : std::uint8_t { Shared, PerTensor };
template <>
struct names<DmaEngines> {
  static constexpr Name<DmaEngines> table[] = {
      {"shared", DmaEngines::Shared, "one: a transfer is over before the next is asked for"},
      {"per_tensor", DmaEngines::PerTensor,
       "one a tensor, which asks ahead: latencies pass beside other moves, bytes share the link"}};
};

/// Off-chip memory behind one link; transfers are served in order.
struct Dram {
  std::string name = "dram";
  std::string type;            ///< a name among the DRAMs of its technology; empty: the one that the technology says
  std::string clock = "core";  ///< that bandwidth and latency count in
  BytesPerCycle bandwidth{};
  Cycles latency{};  ///< from a request to its first byte
  DmaEngines engines = DmaEngines::Shared;
  Cycles request{};  ///< that an engine takes at least for the channels of one ifmap pixel, the longest run in DRAM
  std::optional<RunLengthCode> compression;
};

/// A share of a buffer that holds certain tensors.
struct Partition {
  std::string name;
  std::vector<Operand> tensors;
  std::int64_t banks = 1;
  bool double_buffered = false;  ///< the next tile may come in (outputs: the last go out) while this one is used;
                                 ///< needs room for both
  bool circular = false;         ///< words of the next tile come in behind the last read of this one's, word by word,
                                 ///< and the array begins while they do; outputs go out ahead of the next writes
  WordsPerCycle read{1};         ///< words of each tensor in a cycle
  WordsPerCycle write{1};        ///< words of each tensor in a cycle
  bool initial_psums = true;     ///< psums are read also where they start: the read delivers the bias (Eyeriss does);
                                 ///< otherwise PEs start from zero and the bias is added as the finished word leaves
  bool bypass = false;           ///< a mapping may leave these tensors out: their words then go straight between DRAM
                                 ///< and the network, uncoded, at the link's pace
};

/// An on-chip buffer of equal banks. A tensor's tile takes whole banks of its partition.
struct Sram {
  std::string name;
  Bytes capacity{};
  Bytes bank{};
  std::vector<Partition> partitions;
};

/// What a network is for.
enum class NocRole : std::uint8_t { Deliver, Collect, Forward };
template <>
struct names<NocRole> {
  static constexpr Name<NocRole> table[] = {
      {"deliver", NocRole::Deliver, "from a buffer to PEs; one word to all PEs that want it"},
      {"collect", NocRole::Collect, "from PEs to a buffer, one PE at a time"},
      {"forward", NocRole::Forward, "from a PE to the neighbour above it"}};
};

/// How a network's wires run, and so who gets a word when. Counts, times and wire lengths follow from it.
enum class NocKind : std::uint8_t { Multicast, Bus, Broadcast, Unicast, Systolic, Mesh, Links, AdderTree };
template <>
struct names<NocKind> {
  static constexpr Name<NocKind> table[] = {
      {"multicast", NocKind::Multicast, "a word to all PEs that want it, by row and column tags"},
      {"bus", NocKind::Bus, "one set of wires past all PEs, one sender at a time"},
      {"broadcast", NocKind::Broadcast, "every word to every PE; those that don't want it leave it"},
      {"unicast", NocKind::Unicast, "wires of its own to each PE; a word that several want is sent to each"},
      {"systolic", NocKind::Systolic, "in at an edge, a PE further each cycle"},
      {"mesh", NocKind::Mesh, "2-D mesh, XY routing, credits"},
      {"links", NocKind::Links, "wires between neighbours"},
      {"adder_tree", NocKind::AdderTree, "the products of a column are summed at once, each cycle"}};
};

/// A network between a buffer and the PE array, or between neighbours in the array.
struct Noc {
  std::string name;
  NocRole role = NocRole::Deliver;
  Operand tensor = Operand::Input;
  std::optional<NocKind> kind;  ///< unsaid: multicast to deliver, bus to collect, links to forward
  WordsPerCycle width{1};       ///< words moved in a cycle, all to the same PEs or from the same PE
  Cycles latency{1};            ///< from leaving to being visible in the FIFO at the other end
  Words fifo{4};                ///< words that the FIFO at each PE's end holds
  bool ahead = false;           ///< to deliver: words of the next pass go on into FIFOs and free places of spads while
                                ///< this one ends, not only when it is over

  /// The kind, also where it is unsaid.
  [[nodiscard]] NocKind wiring() const {
    if (kind) return *kind;
    return role == NocRole::Deliver ? NocKind::Multicast : role == NocRole::Collect ? NocKind::Bus : NocKind::Links;
  }
};

/// A memory inside each PE. Words come in in order; a word's place is freed by its last use.
struct Spad {
  std::string name;
  Operand tensor = Operand::Input;
  Words depth{1};
};

/// Which zero operand a MAC is skipped for.
enum class ZeroSkipping : std::uint8_t { None, Input, Weight, Both };
template <>
struct names<ZeroSkipping> {
  static constexpr Name<ZeroSkipping> table[] = {
      {"none", ZeroSkipping::None, "every MAC takes its cycle"},
      {"input", ZeroSkipping::Input, "MACs with a zero ifmap word take none"},
      {"weight", ZeroSkipping::Weight, "MACs with a zero filter word take none"},
      {"both", ZeroSkipping::Both, "MACs with a zero operand take none"}};
};

/// The arithmetic of a PE: one issue slot a cycle, taken by a MAC or, the adder being shared, by the addition of an
/// incoming psum.
struct Mac {
  std::string name = "mac";
  Cycles pipeline{1};  ///< cycles from issue until the result can leave the PE
  bool zero_gating =
      false;  ///< a zero input suppresses filter read, multiplication and psum update; the cycle is spent
  bool weight_gating = false;  ///< a zero filter word, once read, suppresses multiplication and psum update
  ZeroSkipping zero_skipping =
      ZeroSkipping::None;  ///< of words that are in their spads: PEs go to the next that counts
  std::vector<Reduction> operations;

  [[nodiscard]] bool skips(Operand t) const {
    return zero_skipping == ZeroSkipping::Both ||
           zero_skipping == (t == Operand::Input ? ZeroSkipping::Input : ZeroSkipping::Weight);
  }
  /// Do zeros of filters show in counts?
  [[nodiscard]] bool minds_zero_weights() const { return weight_gating || skips(Operand::Weight); }
};

/// Who decides when a PE works.
enum class Control : std::uint8_t { Autonomous, Lockstep };
template <>
struct names<Control> {
  static constexpr Name<Control> table[] = {
      {"autonomous", Control::Autonomous, "each PE goes on when its own words are there"},
      {"lockstep", Control::Lockstep, "all PEs make the same step of the nest, or wait together"}};
};

/// Which PEs a wave of operands passes on its way through a systolic array.
enum class Fold : std::uint8_t { Whole, Used };
template <>
struct names<Fold> {
  static constexpr Name<Fold> table[] = {{"whole", Fold::Whole, "all rows and columns, also where few have work"},
                                         {"used", Fold::Used, "the rows and columns with work"}};
};

/// How the steps of a lockstep array follow each other.
struct Lockstep {
  std::int64_t row_skew = 0;     ///< cycles by which a PE is behind the one above it
  std::int64_t column_skew = 0;  ///< cycles by which a PE is behind the one to its left
  Fold fold = Fold::Whole;       ///< what a skewed wave passes
  bool overlap = false;          ///< the next pass may step at once; else only when all psums of this one have left
  std::int64_t steps = 0;        ///< at most, in a pass (an instruction); 0: any number
  bool operator==(const Lockstep&) const = default;
};

/// The array of PEs; row 0 is at the top, psums are forwarded upwards.
struct PeArray {
  std::string name = "pe_array";
  std::int64_t rows = 1, columns = 1;
  Control control = Control::Autonomous;
  Lockstep lockstep;                 ///< with lockstep control
  std::optional<Millimetres> pitch;  ///< between neighbouring PEs; unsaid: wires are not counted
  std::vector<Spad> spads;
  Mac mac;
};

}  // namespace eyrie
