#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"

namespace eyrie {

/// `key = value` or `key: value` of an INI file.
struct IniEntry {
  std::string section, key, value;  ///< key as written
  Place place, value_place;
};

/// An INI file as Python's configparser reads it: names of sections keep their case, names of keys don't; comments have
/// lines of their own.
struct IniFile {
  std::string name;
  struct Section {
    std::string name;
    Place place;
  };
  std::vector<Section> sections;
  std::vector<IniEntry> entries;
  /// Case of the key is ignored; null if there is none.
  [[nodiscard]] const IniEntry* find(std::string_view section, std::string_view key) const;
};

/// What is wrong with the form is added to `wrong`: lines that are neither, keys above all sections, sections and keys
/// that come twice, values that go on in the next line.
IniFile read_ini(std::string_view text, const std::string& name, Diagnostics& wrong);

/// The same text without upper-case letters.
std::string lower_case(std::string_view text);

}  // namespace eyrie
