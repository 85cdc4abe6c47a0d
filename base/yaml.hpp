#pragma once

// YAML text to checked structs. The only user of yaml-cpp is yaml.cpp.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/fields.hpp"

namespace eyrie {

/// An `a.b.c=value` of the command line. List entries are reached by index (`layers.0.stride`) or, where the list holds
/// maps with a `name`, by that name (`layers.conv1.stride`).
struct Override {
  std::string path;
  std::string value;  ///< YAML flow text
};
/// Splits `path=value`; an argument without '=' or with an empty path is an InputError at `--set`.
Override parse_override(std::string_view argument);

/// A parsed YAML document: one tree of scalars, lists and maps, each with its place.
class YamlDocument {
 public:
  /// Reads a file. InputError: missing, a directory, unreadable, over 64 MiB, not UTF-8, holds NUL, not YAML, empty,
  /// duplicate keys, more than one document, nested deeper than 100.
  static YamlDocument from_file(const std::string& path);
  /// The same for text; `name` stands in the places.
  static YamlDocument from_text(std::string_view text, const std::string& name);

  /// Replaces or adds one value. A path whose parent isn't there is an InputError with a did-you-mean; the place of
  /// later errors in it is `--set path`.
  void apply(const Override&);

  /// Runs the fields of a root map over this document; every key must be asked for, and no value has a tag. Errors are
  /// added to `out`.
  void read(const std::function<void(Fields&)>& fields, Diagnostics& out) const;
  /// The scalar under a top-level key, or empty: for `kind:` sniffing.
  [[nodiscard]] std::string top_level_text(std::string_view key) const;
  [[nodiscard]] const std::string& name() const { return name_; }
  /// Place of the value at a dotted path (as in Override), the root's if it is not there.
  [[nodiscard]] Place place_of(std::string_view path) const;

  struct Node;
  /// The tree itself (base/yaml_node.hpp), for files of other programs.
  [[nodiscard]] const Node& root() const { return *root_; }

 private:
  explicit YamlDocument(std::shared_ptr<Node> root, std::string name);
  std::shared_ptr<Node> root_;
  std::string name_;
};

/// Reads a described struct. All errors of the document are thrown at once as InputError.
template <Described T>
T read_yaml(const YamlDocument& document) {
  T value{};
  Diagnostics wrong;
  document.read([&value](Fields& f) { describe(f, value); }, wrong);
  wrong.raise_if_any();
  return value;
}
template <Described T>
T read_yaml_file(const std::string& path) {
  return read_yaml<T>(YamlDocument::from_file(path));
}

/// The nearest name by edit distance (case folded), or empty when none is near enough to be meant.
std::string_view nearest(std::string_view word, std::span<const std::string_view> names);
/// "; did you mean X?" or "; known are a, b, c": the remedy for an unknown name.
std::string did_you_mean(std::string_view word, std::span<const std::string_view> names);

/// A described struct as YAML text that reads back to an equal struct; defaults are written out.
std::string write_yaml(const std::function<void(Fields&)>& fields);

}  // namespace eyrie
