#include <fmt/format.h>

#include <algorithm>

#include "report/comparison.hpp"
#include "report/digits.hpp"
#include "report/markdown_parts.hpp"

namespace eyrie {

namespace {

/// A cell of a comparison, and whether it is the best of its row.
struct Cell {
  std::string text;
  bool best = false;
};
struct Row {
  std::string head;
  std::vector<Cell> cells;  ///< a run each
};
struct Section {
  std::string title;
  std::vector<Row> rows;
};

template <class CellOf>
Row row(const Comparison& c, std::string head, CellOf cell_of) {
  Row r{.head = std::move(head), .cells = {}};
  for (const auto& run : c.runs) r.cells.push_back({cell_of(run)});
  return r;
}

Section what_ran(const Comparison& c) {
  Section s{.title = "what ran", .rows = {}};
  s.rows.push_back(row(c, "machine", [](const ComparedRun& r) { return r.architecture; }));
  s.rows.push_back(row(c, "workload", [](const ComparedRun& r) { return r.workload; }));
  s.rows.push_back(row(c, "batch", [](const ComparedRun& r) { return std::to_string(r.batch); }));
  s.rows.push_back(row(c, "layers on the host", [](const ComparedRun& r) { return std::to_string(r.on_host.size()); }));
  if (std::ranges::any_of(c.runs, [](const ComparedRun& r) { return !r.left_out.empty(); }))
    s.rows.push_back(row(c, "layers left out", [](const ComparedRun& r) { return std::to_string(r.left_out.size()); }));
  s.rows.push_back(row(c, "computed right", [](const ComparedRun& r) { return r.sound ? "yes" : "NO"; }));
  return s;
}

Section figures(const Comparison& c) {
  Section s{.title = "figures", .rows = {}};
  for (std::size_t f = 0; f < compared_figures().size(); ++f) {
    const auto& figure = compared_figures()[f];
    Row r{.head = fmt::format("{}, {}", figure.title, figure.unit), .cells = {}};
    for (std::size_t i = 0; i < c.runs.size(); ++i) r.cells.push_back({digits(c.runs[i].values[f]), c.is_best(i, f)});
    s.rows.push_back(std::move(r));
  }
  return s;
}

std::string outcome(const ComparedTarget& t) {
  if (t.met) return fmt::format("met by {:.1f} %", 100 * t.margin);
  return t.margin < 0 ? fmt::format("missed by {:.1f} %", -100 * t.margin) : "missed: not complete";
}

Section targets(const Comparison& c) {
  Section s{.title = "targets", .rows = {}};
  const auto head = [](const ComparedTarget& t) {
    return fmt::format("{} {} {:.4g} {}{}", t.name, t.bound == "at least" ? ">=" : "<=", t.wanted, t.unit,
                       t.basis == "time" ? "" : " " + t.basis);
  };
  for (const auto& run : c.runs)
    for (const auto& t : run.targets) {
      const auto name = head(t);
      if (std::ranges::count(s.rows, name, &Row::head)) continue;
      s.rows.push_back(row(c, name, [&](const ComparedRun& r) {
        const auto mine = std::ranges::find(r.targets, name, head);
        return mine == r.targets.end() ? std::string("-") : outcome(*mine);
      }));
    }
  return s;
}

std::string ratios(const ComparedBaseline& b) {
  if (!b.speedup && !b.energy_ratio && !b.energy_ratio_chip) return "-";
  const auto three = [](const std::optional<double>& v) {
    return !v ? std::string("-") : *v >= 99.95 ? fmt::format("{:.0f}", *v) : fmt::format("{:.3g}", *v);
  };
  return fmt::format("{} / {} / {}", three(b.speedup), three(b.energy_ratio), three(b.energy_ratio_chip));
}

/// Time, energy with DRAM and energy of the chip, each theirs / ours.
Section baselines(const Comparison& c) {
  Section s{.title = "baselines: their time / ours, their energy / ours with DRAM, their energy / ours of the chip",
            .rows = {}};
  const auto head = [](const ComparedBaseline& b) {
    return fmt::format("{} ({})", b.name, b.comparison == "not_compared" ? "not compared" : b.comparison);
  };
  for (const auto& run : c.runs)
    for (const auto& b : run.baselines) {
      const auto name = head(b);
      if (std::ranges::count(s.rows, name, &Row::head)) continue;
      s.rows.push_back(row(c, name, [&](const ComparedRun& r) {
        const auto mine = std::ranges::find(r.baselines, name, head);
        return mine == r.baselines.end() ? std::string("-") : ratios(*mine);
      }));
    }
  return s;
}

std::vector<Section> sections(const Comparison& c) {
  std::vector<Section> all{what_ran(c), figures(c), targets(c), baselines(c)};
  std::erase_if(all, [](const Section& s) { return s.rows.empty(); });
  return all;
}

constexpr const char* kLegend =
    "the best of its row among runs of the same work; what the host computes is in no figure; one MAC is two ops";

/// Too long a text loses its middle.
std::string fitted(const std::string& text, std::size_t width) {
  if (text.size() <= width) return text;
  const auto end = (width - 2) / 2;
  return text.substr(0, width - 2 - end) + ".." + text.substr(text.size() - end);
}

std::string shown(const Cell& cell) { return (cell.best ? "* " : "") + cell.text; }

/// Columns of a table for a terminal: heads, and cells that are as wide as the widest of all.
struct Widths {
  std::size_t head = 0, cell = 0;
  [[nodiscard]] std::size_t runs_a_table() const { return std::max<std::size_t>(1, (120 - head) / (cell + 2)); }
};

Widths widths_of(const Comparison& c, const std::vector<Section>& all) {
  Widths w;
  for (const auto& r : c.runs) w.cell = std::max(w.cell, r.label.size());
  for (const auto& s : all)
    for (const auto& r : s.rows) {
      w.head = std::max(w.head, r.head.size());
      for (const auto& cell : r.cells) w.cell = std::max(w.cell, shown(cell).size());
    }
  return {std::min<std::size_t>(w.head, 50), std::min<std::size_t>(w.cell, 32)};
}

/// The runs from `from` to `to`.
std::string part(const Comparison& c, const std::vector<Section>& all, const Widths& w, std::size_t from,
                 std::size_t to) {
  auto text = fmt::format("{:{}}", "", w.head);
  for (std::size_t i = from; i < to; ++i) text += fmt::format("  {:>{}}", fitted(c.runs[i].label, w.cell), w.cell);
  text += "\n";
  for (const auto& s : all) {
    if (&s != all.data()) text += "\n" + s.title + "\n";
    for (const auto& r : s.rows) {
      text += fmt::format("{:{}}", fitted(r.head, w.head), w.head);
      for (std::size_t i = from; i < to; ++i)
        text += fmt::format("  {:>{}}", fitted(shown(r.cells[i]), w.cell), w.cell);
      text += "\n";
    }
  }
  return text;
}

}  // namespace

std::string to_table(const Comparison& c) {
  std::string text = c.name.empty() ? "" : c.name + "\n\n";
  const auto all = sections(c);
  const auto w = widths_of(c, all);
  for (std::size_t from = 0; from < c.runs.size(); from += w.runs_a_table())
    text += (from > 0 ? "\n" : "") + part(c, all, w, from, std::min(c.runs.size(), from + w.runs_a_table()));
  if (!c.runs.empty()) text += fmt::format("\n*: {}\n", kLegend);
  for (const auto& s : c.scenarios) text += fmt::format("scenario {}: {} ({})\n", s.label, s.name, s.kind);
  return text;
}

std::string to_markdown(const Comparison& c) {
  using markdown::plain;
  std::string text = c.name.empty() ? "# Comparison\n" : fmt::format("# {}\n", plain(c.name));
  std::vector<std::string> head{""};
  for (const auto& r : c.runs) head.push_back(plain(r.label));
  for (const auto& s : c.runs.empty() ? std::vector<Section>{} : sections(c)) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& r : s.rows) {
      rows.push_back({plain(r.head)});
      for (const auto& cell : r.cells)
        rows.back().push_back(cell.best ? "**" + plain(cell.text) + "**" : plain(cell.text));
    }
    text += fmt::format("\n## {}\n\n{}", s.title, markdown::table(head, rows));
  }
  if (!c.runs.empty()) text += fmt::format("\nBold: {}.\n", kLegend);
  if (!c.scenarios.empty()) text += "\n## scenarios\n\n";
  for (const auto& s : c.scenarios)
    text += fmt::format("- {}: {} ({})\n", plain(s.label), plain(s.name), plain(s.kind));
  return text;
}

}  // namespace eyrie
