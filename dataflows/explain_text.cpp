#include <fmt/format.h>

#include <algorithm>

#include "base/grouped.hpp"
#include "dataflows/explain.hpp"

namespace eyrie {

std::string grouped(std::int64_t n) { return grouped(n, ","); }

std::string nest_text(const std::vector<NestLine>& lines) {
  std::size_t width = 0;
  for (const auto& line : lines)
    if (!line.note.empty()) width = std::max(width, line.text.size());
  std::string text;
  for (const auto& line : lines)
    text += line.note.empty() ? line.text + "\n" : fmt::format("{:{}}  {}\n", line.text, width, line.note);
  return text;
}

namespace {

constexpr std::size_t kWidth = 120;

std::string in_words(const Factor& f) {
  const auto head =
      f.counts ? fmt::format("{} {}", grouped(f.value), f.label) : fmt::format("{} {}", f.label, grouped(f.value));
  return f.detail.empty() ? head : fmt::format("{} ({})", head, f.detail);
}

std::string in_words(const Product& p) {
  std::string text;
  for (const auto& f : p.factors) text += (text.empty() ? "" : " x ") + in_words(f);
  return text.empty() ? "1" : text;
}

/// Lines of at most `width` columns, broken between factors or, failing that, between words.
std::vector<std::string> wrapped(std::string text, std::size_t width) {
  std::vector<std::string> lines;
  while (text.size() > width) {
    auto end = text.rfind(" x ", width - 1);
    while (end != std::string::npos &&
           std::ranges::count(text.substr(0, end), '(') != std::ranges::count(text.substr(0, end), ')'))
      end = end == 0 ? std::string::npos : text.rfind(" x ", end - 1);
    if (end == std::string::npos || end == 0) end = text.rfind(' ', width);
    if (end == std::string::npos || end == 0) end = width;
    lines.push_back(text.substr(0, end));
    text.erase(0, text[end] == ' ' ? end + 1 : end);
    text.insert(0, "  ");
  }
  lines.push_back(text);
  return lines;
}

/// All lines of a row's formula: a term each, with what it comes to if there are several.
std::vector<std::string> formula(const FlowRow& row, std::size_t width) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < row.sum.size(); ++i) {
    const auto& p = row.sum[i];
    auto text = fmt::format("{}{}", p.less ? "- " : i > 0 ? "+ " : "", in_words(p));
    if (row.sum.size() > 1 && p.factors.size() > 1) text += fmt::format(" = {}", grouped(p.words()));
    for (auto& line : wrapped(text, width)) lines.push_back(std::move(line));
  }
  return lines;
}

std::string flows_text(const Explanation& e) {
  std::size_t what = 0, way = 0, words = 0;
  const auto ways = [](const FlowRow& r) { return r.from + " -> " + r.to; };
  for (const auto& r : e.flows) {
    what = std::max(what, r.what.size());
    way = std::max(way, ways(r).size());
    words = std::max(words, grouped(r.words).size());
  }
  const auto taken = what + way + words + 9;
  const auto width = std::max<std::size_t>(30, kWidth > taken ? kWidth - taken : 0);
  std::string text;
  for (const auto& r : e.flows) {
    const auto lines = formula(r, width);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const bool last = i + 1 == lines.size();
      const auto end = last ? fmt::format("{:{}} = {:>{}}", lines[i], width, grouped(r.words), words) : lines[i];
      text += fmt::format("  {:{}}  {:{}}  {}\n", i == 0 ? r.what : "", what, i == 0 ? ways(r) : "", way, end);
    }
  }
  return text;
}

/// The nest, indented by two.
std::string nest_text(const Explanation& e) {
  std::string text = "  " + nest_text(e.nest);
  for (auto at = text.find('\n'); at + 1 < text.size(); at = text.find('\n', at + 1)) text.insert(at + 1, "  ");
  return text;
}

std::string memories_text(const Explanation& e) {
  std::size_t name = 0, number = 0;
  for (const auto& m : e.memories) {
    name = std::max(name, m.memory.size());
    number = std::max({number, grouped(m.taken).size(), grouped(m.of).size()});
  }
  std::string text;
  for (const auto& m : e.memories)
    text += fmt::format("  {:{}}  {:>{}} of {:>{}} {}  ({})\n", m.memory, name, grouped(m.taken), number, grouped(m.of),
                        number, m.unit, m.detail);
  return text;
}

/// "14 + 13", "4 x 16", "3 x 16 + 9".
std::string parts_text(const std::vector<std::int64_t>& parts) {
  std::string text;
  for (std::size_t i = 0; i < parts.size();) {
    std::size_t end = i;
    while (end < parts.size() && parts[end] == parts[i]) ++end;
    text += text.empty() ? "" : " + ";
    text += end - i == 1 ? grouped(parts[i]) : fmt::format("{} x {}", end - i, grouped(parts[i]));
    i = end;
  }
  return text;
}

std::string array_text(const ArrayUse& use) {
  auto text = fmt::format("  {} of {} PEs in the largest pass, {:.1f} on average over the work\n",
                          grouped(use.largest_pass), grouped(use.pes), use.average);
  text += fmt::format("  {} MACs / ({} slots of the busiest PE x {} PEs) = {:.1f} %\n", grouped(use.macs),
                      grouped(use.slots), grouped(use.pes), 100 * use.utilization());
  for (const auto& s : use.spread) {
    std::string where = s.columns > 1 ? fmt::format("{} columns", s.columns) : "";
    if (s.rows > 1) where += fmt::format("{}{} rows", where.empty() ? "" : " x ", s.rows);
    text += fmt::format("  {} {}{} on {}: {}\n", name_of(s.dim), grouped(s.extent),
                        s.extent < s.layer ? " of " + grouped(s.layer) : "", where, parts_text(s.parts));
  }
  return text;
}

std::string cycles_text(const CycleUse& use) {
  std::vector<UnitCycles> rows = use.units;
  rows.push_back({"ramps", use.parts.ramps, "first words in, last psums out"});
  if (use.parts.chains > 0) rows.push_back({"chains", use.parts.chains, "psums on their way up the PEs"});
  rows.insert(rows.end(), use.link.begin(), use.link.end());
  rows.push_back({"bound", use.parts.bound, use.bound_limit});
  rows.push_back({"estimate", use.parts.estimate, use.estimate_limit});
  std::size_t unit = 0, number = 0;
  const auto whole = [](double cycles) { return grouped(static_cast<std::int64_t>(cycles)); };
  for (const auto& r : rows) {
    unit = std::max(unit, r.unit.size());
    number = std::max(number, whole(r.cycles).size());
  }
  std::string text;
  const auto width = std::max<std::size_t>(30, kWidth - std::min(kWidth, unit + number + 6));
  for (const auto& r : rows) {
    const auto lines = wrapped(r.detail, width);
    for (std::size_t i = 0; i < lines.size(); ++i)
      text += fmt::format("  {:{}}  {:>{}}  {}\n", i == 0 ? r.unit : "", unit, i == 0 ? whole(r.cycles) : "", number,
                          lines[i]);
  }
  return text;
}

}  // namespace

std::string to_text(const Explanation& e) {
  return "nest\n" + nest_text(e) + "memories\n" + memories_text(e) + "array\n" + array_text(e.array) +
         "traffic, in words\n" + flows_text(e) + "cycles\n" + cycles_text(e.cycles);
}

}  // namespace eyrie
