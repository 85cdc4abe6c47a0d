#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/fields.hpp"

namespace eyrie {

/// JSON Schema (draft 2020-12) of a described struct, indented, for editors that complete YAML.
std::string json_schema(std::string_view title, const std::function<void(Fields&)>& fields);

template <Described T>
std::string json_schema_of(std::string_view title) {
  T value{};
  return json_schema(title, [&value](Fields& f) { describe(f, value); });
}

}  // namespace eyrie
