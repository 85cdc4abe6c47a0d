#include "interchange/scalesim_ini.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "interchange/text_lines.hpp"

namespace eyrie {

std::string lower_case(std::string_view text) {
  std::string all{text};
  std::ranges::transform(all, all.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return all;
}

const IniEntry* IniFile::find(std::string_view section, std::string_view key) const {
  for (const auto& e : entries)
    if (e.section == section && lower_case(e.key) == lower_case(key)) return &e;
  return nullptr;
}

namespace {

class IniReader {
 public:
  IniReader(std::string name, Diagnostics& wrong) : wrong_{wrong} { file_.name = std::move(name); }

  IniFile read(std::string_view text) {
    for (const auto line : lines_of(text)) {
      ++number_;
      const auto all = piece_of(line, 0, line.size(), file_.name, number_);
      if (all.text.empty() || all.text.front() == '#' || all.text.front() == ';') continue;
      if (all.text.front() == '[')
        section(all);
      else
        entry(line, all);
    }
    return std::move(file_);
  }

 private:
  void section(const TextPiece& piece) {
    last_column_ = 0;
    const auto close = std::min(piece.text.find(']'), piece.text.size());
    if (close + 1 != piece.text.size())
      wrong_.error(piece.place, fmt::format("{} is no section", piece.text),
                   "write its name in brackets, like [general]");
    const auto name = piece.text.substr(1, close - 1);
    const auto before = std::ranges::find(file_.sections, name, &IniFile::Section::name);
    if (before != file_.sections.end())
      wrong_.error(piece.place, fmt::format("[{}] comes twice", name),
                   fmt::format("keep it together; it begins in line {}", before->place.line));
    file_.sections.push_back({name, piece.place});
  }

  void entry(std::string_view line, const TextPiece& all) {
    if (last_column_ > 0 && all.place.column > last_column_) {
      wrong_.error(all.place, "this line goes on with the value above it, being indented more",
                   "begin each key where the others begin, and write a value in one line");
      return;
    }
    const auto at = line.find_first_of("=:");
    const auto key = piece_of(line, 0, std::min(at, line.size()), file_.name, number_);
    if (at == std::string_view::npos || key.text.empty()) {
      wrong_.error(all.place, fmt::format("{} is neither a section nor a key with a value", all.text),
                   "write it like `ArrayHeight: 32`");
      return;
    }
    last_column_ = all.place.column;
    if (file_.sections.empty()) {
      wrong_.error(key.place, fmt::format("{} stands above the first section", key.text), "put [general] above it");
      return;
    }
    const auto value = piece_of(line, at + 1, line.size(), file_.name, number_);
    const auto& section = file_.sections.back().name;
    if (const auto* before = file_.find(section, key.text))
      wrong_.error(key.place, fmt::format("{} comes twice in [{}]", key.text, section),
                   fmt::format("keep one; the first is in line {}", before->place.line));
    else
      file_.entries.push_back({section, key.text, value.text, key.place, value.place});
  }

  IniFile file_;
  Diagnostics& wrong_;
  int number_ = 0;
  int last_column_ = 0;  // of the key that a value could go on from
};

}  // namespace

IniFile read_ini(std::string_view text, const std::string& name, Diagnostics& wrong) {
  return IniReader{name, wrong}.read(text);
}

}  // namespace eyrie
