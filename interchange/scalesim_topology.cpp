#include "interchange/scalesim_topology.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <set>
#include <span>
#include <utility>

#include "base/quantities.hpp"
#include "base/units.hpp"
#include "interchange/text_lines.hpp"

namespace eyrie {

RowsColumns ScaleSimLayer::output() const {
  return {ceil_div(input.rows - kernel.rows, stride.rows) + 1,
          ceil_div(input.columns - kernel.columns, stride.columns) + 1};
}

namespace {

/// A column of numbers and what a workload file takes for it.
struct Column {
  std::string_view name;
  std::int64_t most;
};
constexpr std::int64_t kMostSize = 1 << 20, kMostWindow = 1 << 16, kMostFilters = 1 << 24;
constexpr Column kConvolution[] = {{"IFMAP Height", kMostSize},    {"IFMAP Width", kMostSize},
                                   {"Filter Height", kMostWindow}, {"Filter Width", kMostWindow},
                                   {"Channels", kMostSize},        {"Num Filter", kMostFilters},
                                   {"Strides", kMostWindow},       {"Stride Width", kMostWindow}};
constexpr Column kGemm[] = {{"M", kMostSize}, {"N", kMostFilters}, {"K", kMostSize}};
constexpr double kMostElements = 2147483648.0, kMostMacs = 9e15;

class TopologyReader {
 public:
  TopologyReader(std::string name, ScaleSimForm form) : file_{std::move(name)}, form_{form} {}

  ScaleSimTopology read(std::string_view text) {
    const auto base = file_.substr(file_.find_last_of('/') + 1);
    t_.name = base.substr(0, base.find_last_of('.'));
    if (t_.name.empty()) t_.name = "topology";
    bool header = true;
    int number = 0;
    for (const auto line : lines_of(text)) {
      auto cells = split_line(line, ',', file_, ++number);
      while (!cells.empty() && cells.back().text.empty()) cells.pop_back();
      if (cells.empty()) continue;
      if (std::exchange(header, false))
        is_header(cells);
      else
        layer(cells);
    }
    if (t_.layers.empty() && wrong_.empty())
      wrong_.error({file_, 0, 0}, "there is no layer", "give a header line and a line a layer");
    wrong_.raise_if_any();
    number_twins();
    return std::move(t_);
  }

 private:
  [[nodiscard]] bool gemm() const { return form_ == ScaleSimForm::Gemm; }

  /// SCALE-Sim skips the first line whatever it says.
  void is_header(const std::vector<TextPiece>& cells) {
    if (cells.size() > 1 && parse_integer(cells[1].text))
      wrong_.error(cells[0].place, fmt::format("{} stands where the header belongs, which is not read", cells[0].text),
                   gemm() ? "begin with a line like `Layer, M, N, K,`"
                          : "begin with a line like `Layer name, IFMAP Height, ..., Strides,`");
  }

  void layer(std::vector<TextPiece> cells) {
    const Place where = cells.front().place;
    ratio(cells);
    if (!right_count(cells)) return;
    const std::span<const Column> columns = gemm() ? std::span<const Column>{kGemm} : kConvolution;
    std::vector<std::int64_t> n;
    const auto before = wrong_.all().size();
    if (cells[0].text.empty()) wrong_.error(where, "the layer has no name", "write one in the first cell");
    for (std::size_t i = 1; i < cells.size(); ++i) n.push_back(number(cells[i], columns[i - 1]));
    if (wrong_.all().size() > before) return;
    auto l = gemm() ? product(n) : convolution(n, cells);
    l.name = cells[0].text;
    l.where = where;
    if (!gemm() && l.name.find("DP") != std::string::npos) depthwise(l);
    limits(l);
    t_.layers.push_back(std::move(l));
  }

  /// Version 3 may end a line with the sparsity N:M of its filters.
  void ratio(std::vector<TextPiece>& cells) {
    const auto& last = cells.back();
    const auto colon = last.text.find(':');
    if (cells.size() < (gemm() ? 5U : 9U) || colon == std::string::npos) return;
    const auto n = parse_integer(last.text.substr(0, colon)), m = parse_integer(last.text.substr(colon + 1));
    if (!n || !m || *n < 1 || *n != *m)
      wrong_.error(last.place, fmt::format("the sparsity is {}, and sparse filters are not modelled", last.text),
                   "write 1:1 or leave it out");
    cells.pop_back();
  }

  bool right_count(const std::vector<TextPiece>& cells) {
    const auto count = cells.size();
    if (gemm() ? count == 4 : count == 8 || count == 9) return true;
    std::string remedy = gemm() ? "a matrix product has 4: name, M, N, K"
                                : "a convolution has 8 or 9: name, IFMAP Height, IFMAP Width, Filter Height, Filter "
                                  "Width, Channels, Num Filter, Strides[, Stride Width]";
    if (!gemm() && count == 4) remedy += "; with --gemm lines are name, M, N, K";
    if (gemm() && (count == 8 || count == 9)) remedy += "; without --gemm lines are convolutions";
    wrong_.error(cells.front().place, fmt::format("the line has {} cells", count), remedy);
    return false;
  }

  std::int64_t number(const TextPiece& cell, const Column& column) {
    const auto n = parse_integer(cell.text);
    if (n && *n >= 1 && *n <= column.most) return *n;
    wrong_.error(cell.place,
                 n                   ? fmt::format("{} is {}", column.name, *n)
                 : cell.text.empty() ? fmt::format("{} is empty", column.name)
                                     : fmt::format("{} is \"{}\"", column.name, cell.text),
                 fmt::format("it must be a whole number from 1 to {}", column.most));
    return 1;
  }

  static ScaleSimLayer product(const std::vector<std::int64_t>& n) {
    return {.name = {}, .input = {n[0], 1}, .kernel = {}, .stride = {}, .channels = n[2], .filters = n[1], .where = {}};
  }

  ScaleSimLayer convolution(const std::vector<std::int64_t>& n, const std::vector<TextPiece>& cells) {
    for (const std::size_t i : {0U, 1U})
      if (n[i + 2] > n[i])
        wrong_.error(
            cells[i + 3].place,
            fmt::format("{} is {}, larger than {}, {}", kConvolution[i + 2].name, n[i + 2], kConvolution[i].name, n[i]),
            "padding is part of the IFMAP here; make that larger");
    return {.name = {},
            .input = {n[0], n[1]},
            .kernel = {n[2], n[3]},
            .stride = {n[6], n.size() > 7 ? n[7] : n[6]},
            .channels = n[4],
            .filters = n[5],
            .where = {}};
  }

  /// SCALE-Sim makes a layer of each channel.
  void depthwise(ScaleSimLayer& l) {
    l.groups = l.channels;
    t_.notes.push_back(
        fmt::format("{} is depthwise, as DP in its name says: one layer of {} groups, which SCALE-Sim "
                    "runs as {} layers",
                    l.name, l.groups, l.groups));
  }

  /// What a workload file takes.
  void limits(const ScaleSimLayer& l) {
    if (l.groups * l.filters > kMostFilters)
      wrong_.error(l.where, fmt::format("{} has {} output channels", l.name, l.groups * l.filters),
                   fmt::format("have at most {}", kMostFilters));
    const auto product = [](std::initializer_list<std::int64_t> factors) {
      double all = 1;
      for (const auto n : factors) all *= static_cast<double>(n);
      return all;
    };
    const auto out = l.output();
    const auto channels = l.groups * l.filters;
    if (std::max({product({l.input.rows, l.input.columns, l.channels}), product({out.rows, out.columns, channels}),
                  product({l.kernel.rows, l.kernel.columns, l.channels, channels})}) > kMostElements)
      wrong_.error(l.where, fmt::format("a tensor of {} has more than 2^31 elements", l.name),
                   "make the layer smaller");
    else if (product({out.rows, out.columns, l.kernel.rows, l.kernel.columns, l.channels, l.filters}) > kMostMacs)
      wrong_.error(l.where, fmt::format("{} has more than 9e15 MACs", l.name), "make it smaller");
  }

  /// SCALE-Sim knows layers by number; here they need names of their own.
  void number_twins() {
    std::set<std::string> taken;
    for (const auto& l : t_.layers) taken.insert(l.name);
    std::set<std::string> seen;
    for (auto& l : t_.layers) {
      if (seen.insert(l.name).second) continue;
      const auto old = l.name;
      for (int i = 2; !taken.insert(l.name = fmt::format("{}_{}", old, i)).second; ++i) continue;
      t_.notes.push_back(
          fmt::format("the layer {} of line {} is called {}, as names are taken once", old, l.where.line, l.name));
    }
  }

  std::string file_;
  ScaleSimForm form_;
  ScaleSimTopology t_;
  Diagnostics wrong_;
};

}  // namespace

ScaleSimTopology read_scalesim_topology(std::string_view text, const std::string& name, ScaleSimForm form) {
  return TopologyReader{name, form}.read(text);
}

}  // namespace eyrie
