#pragma once

// JSON that Eyrie wrote, read back: what is wrong in it has a place, as in any other file of the user's.

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/yaml.hpp"

namespace eyrie {

/// A document of one of our schemas. Paths of values are like `totals.latency_ms` and `layers.0.name`.
class StoredJson {
 public:
  /// `path` stands in places, `again` in remedies: how to have the file written anew. InputError: no JSON or not all of
  /// it, no object, a schema that is not among `schemas`.
  StoredJson(std::string text, std::string path, std::span<const std::string_view> schemas,
             std::string again = "let `eyrie run --out` write it again");

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string schema() const { return root_.at("schema").get<std::string>(); }

  // Each adds what is missing or of another type to the diagnostics, and gives an empty value then.
  std::string string(const std::string& at, Diagnostics&) const;
  bool truth(const std::string& at, Diagnostics&) const;
  double number(const std::string& at, Diagnostics&) const;
  /// A whole number from 0 to 2^53.
  std::int64_t whole(const std::string& at, Diagnostics&) const;
  /// Nothing where the key is missing or null.
  std::optional<double> number_if_any(const std::string& at, Diagnostics&) const;
  /// Entries of a list.
  std::size_t entries(const std::string& at, Diagnostics&) const;
  /// Keys of a map, in the order of the file.
  std::vector<std::string> keys(const std::string& at, Diagnostics&) const;
  [[nodiscard]] bool has(const std::string& at) const { return find(at) != nullptr; }

  /// Adds each key of the map at `at` (empty: of the document) that is not among `known`.
  void only(const std::string& at, std::span<const std::string_view> known, Diagnostics&) const;
  /// Of a value, or of what would hold it.
  [[nodiscard]] Place place_of(const std::string& at) const;

 private:
  [[nodiscard]] const nlohmann::ordered_json* find(const std::string& at) const;
  /// The value, if it is as wanted.
  const nlohmann::ordered_json* typed(const std::string& at, bool (*is)(const nlohmann::ordered_json&),
                                      const char* wanted, Diagnostics&) const;

  std::string text_, path_, again_;
  nlohmann::ordered_json root_;                 ///< keys in the order of the file
  mutable std::optional<YamlDocument> places_;  ///< JSON is YAML, whose reader knows places; made when one is asked for
};

}  // namespace eyrie
