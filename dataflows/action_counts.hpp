#pragma once

// How often each component did each action, per tensor. Values that energy prices and reports print.

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fields.hpp"
#include "base/operand.hpp"
#include "base/units.hpp"

namespace eyrie {

/// What a component does that costs energy.
enum class Action : std::uint8_t {
  Read,      ///< a word leaves a memory inwards (DRAM: towards the chip)
  Write,     ///< a word enters a memory from inside (DRAM: from the chip; spad: from its FIFO or adder)
  Fill,      ///< a word enters a buffer from DRAM
  Drain,     ///< a word leaves a buffer for DRAM
  Send,      ///< a word enters a network, however many PEs it goes to
  Deliver,   ///< a word arrives at one PE (or, collecting, leaves one)
  Hop,       ///< a word goes from a PE to its neighbour
  Mac,       ///< multiply and add
  GatedMac,  ///< a MAC slot whose input is zero: neither filter read, nor multiply, nor psum update
  Add,       ///< an incoming psum added to the PE's own, or a sum of pooling
  Compare,   ///< a maximum of pooling
  Encode,    ///< a word through a compressor
  Decode,    ///< a word out of a decompressor
  Wire,      ///< a word past one PE of a network's wires: words x pitches, counted on machines with a pitch
  Activate   ///< a finished word through the table of a sigmoid or the like
};

template <>
struct names<Action> {
  static constexpr Name<Action> table[] = {
      {"read", Action::Read},     {"write", Action::Write},     {"fill", Action::Fill},
      {"drain", Action::Drain},   {"send", Action::Send},       {"deliver", Action::Deliver},
      {"hop", Action::Hop},       {"mac", Action::Mac},         {"gated_mac", Action::GatedMac},
      {"add", Action::Add},       {"compare", Action::Compare}, {"encode", Action::Encode},
      {"decode", Action::Decode}, {"wire", Action::Wire},       {"activate", Action::Activate}};
};
/// One row. `words` are elements; `bytes` what they occupied on the way (fewer than words x width where compressed).
struct ActionCount {
  std::string component;  ///< a component's name in the architecture
  Operand tensor = Operand::Input;
  Action action = Action::Read;
  Words words{};
  Bytes bytes{};
  bool operator==(const ActionCount&) const = default;
};

/// A table of ActionCount, one row per (component, tensor, action), in that order; rows of zero are kept out.
class ActionCounts {
 public:
  void add(std::string_view component, Operand tensor, Action action, Words words, Bytes bytes);
  ActionCounts& operator+=(const ActionCounts&);
  [[nodiscard]] const std::vector<ActionCount>& rows() const { return rows_; }
  /// Zero when there is no such row.
  [[nodiscard]] Words words(std::string_view component, Operand tensor, Action action) const;
  [[nodiscard]] Bytes bytes(std::string_view component, Operand tensor, Action action) const;
  bool operator==(const ActionCounts&) const = default;

 private:
  ActionCount& row(std::string_view component, Operand tensor, Action action);
  std::vector<ActionCount> rows_;
};

/// Do two tables have the same words in every row? Bytes may differ where words travel coded.
bool same_words(const ActionCounts&, const ActionCounts&);

}  // namespace eyrie
