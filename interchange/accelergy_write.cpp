#include <fmt/format.h>

#include "base/quantities.hpp"
#include "interchange/accelergy.hpp"
#include "interchange/foreign_map.hpp"

namespace eyrie {

/// The shortest text that reads back to the same number, with a point as Python writes floats.
static std::string number(double value) {
  auto text = fmt::format("{}", value);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

static std::string argument(const std::string& value) { return parse_number(value) ? value : as_scalar(value); }

/// A name as a scalar: ranges have brackets, which YAML knows inside of plain text.
static std::string name_of_table(const std::string& name) {
  std::string bare;
  for (const char c : name)
    if (c != '[' && c != ']') bare += c;
  return name.starts_with('[') || as_scalar(bare) != bare ? as_scalar(name) : name;
}

std::string ert_text(const ErtFile& file) {
  std::string text = "ERT:\n    version: '0.4'\n    tables:\n";
  for (const auto& t : file.tables) {
    text += fmt::format("      - name: {}\n        actions:\n", name_of_table(t.name));
    for (const auto& a : t.actions) {
      text += fmt::format("          - name: {}\n            arguments:{}\n", as_scalar(a.name),
                          a.arguments.empty() ? " {}" : "");
      for (const auto& [key, value] : a.arguments)
        text += fmt::format("                {}: {}\n", as_scalar(key), argument(value));
      text += fmt::format("            energy: {}\n", number(a.energy_pj));
    }
  }
  return text;
}

std::string art_text(const ArtFile& file) {
  std::string text = "ART:\n    version: '0.4'\n    tables:\n";
  for (const auto& r : file.rows)
    text += fmt::format("      - name: {}\n        area: {}\n", name_of_table(r.name), number(r.area_um2));
  return text;
}

}  // namespace eyrie
