#pragma once

// Internal to interchange: reading maps of another program's YAML files, whose values have no fixed type. What is wrong
// is collected with its place; reading goes on.

#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/yaml_node.hpp"

namespace eyrie {

using ForeignNode = YamlDocument::Node;

/// A node in a message: "a list", "a map", "empty" or its text in quotes.
std::string shown(const ForeignNode&);

/// The text of a scalar; an error that begins with `what` otherwise.
std::optional<std::string> text_of(const ForeignNode&, const std::string& what, Diagnostics&);
/// A whole number from `least` to `most`.
std::optional<std::int64_t> whole_of(const ForeignNode&, const std::string& what, std::int64_t least, Diagnostics&,
                                     std::int64_t most = 1'000'000'000);
/// A number above zero.
std::optional<double> positive_of(const ForeignNode&, const std::string& what, Diagnostics&);
/// `true`, `True` and their opposites.
std::optional<bool> truth_of(const ForeignNode&, const std::string& what, Diagnostics&);
/// The entries of a list; an error and none for anything else.
std::vector<const ForeignNode*> entries_of(const ForeignNode&, const std::string& what, Diagnostics&);
/// A list of texts.
std::vector<std::string> texts_of(const ForeignNode&, const std::string& what, Diagnostics&);

/// A map of which every key must be asked for. `name` begins its messages.
class ForeignMap {
 public:
  /// A node that is no map is an error; then no key is found and none is missed.
  ForeignMap(const ForeignNode& node, std::string name, Diagnostics& wrong);

  /// The value of a key, or null. A missing key or an empty value is an error that says `what` it would be.
  const ForeignNode* required(std::string_view key, const std::string& what);
  const ForeignNode* optional(std::string_view key);
  [[nodiscard]] const Place& place() const { return node_.place; }
  [[nodiscard]] std::string path(std::string_view key) const;
  /// Keys that nobody asked for, in the order of the file.
  [[nodiscard]] std::vector<std::pair<std::string, Place>> unasked() const;
  /// Makes each of them an error.
  void finish() const;

 private:
  const ForeignNode& node_;
  std::string name_;
  Diagnostics& wrong_;
  std::vector<std::string> asked_;
  bool is_map_;
};

/// A text as a YAML scalar: as it is, or quoted if YAML could take it for something else.
std::string as_scalar(const std::string& text);

/// `version` is 0.4, quoted or not.
void check_timeloop_version(ForeignMap&, Diagnostics&);

/// What stands under a top-level key of a Timeloop file. Other parts of a Timeloop input may stand beside it and are
/// not read. InputError: the key is missing, a key beside it is none of Timeloop's.
const ForeignNode& timeloop_part(const YamlDocument&, std::string_view key);

}  // namespace eyrie
