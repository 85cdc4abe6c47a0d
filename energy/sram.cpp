#include "energy/sram.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace eyrie {

static void describe(Fields& f, SramPoint& p) {
  f.about("one macro");
  f.place(p.where);
  f.required("capacity", p.capacity, "what it holds", AtLeast(1));
  f.required("width", p.width, "of its port", AtLeast(1));
  f.required("read", p.read, "energy of a read of the whole width", Positive());
  f.required("write", p.write, "energy of a write of the whole width", Positive());
  f.required("leakage", p.leakage, "power that time costs", Positive());
  f.required("area", p.area, "with periphery", Positive());
  f.required("access", p.access, "from address to data", Positive());
  f.required("cycle", p.cycle, "between two accesses", Positive());
}

void describe(Fields& f, SramSweep& s) {
  f.about("SRAM macros of one node, cell and supply, by capacity and width");
  f.place(s.where);
  f.required("kind", s.kind, "`sram_sweep`");
  f.required("name", s.name, "its name");
  f.optional("title", s.title, "what it is, in a line");
  f.required("source", s.source, "where the figures come from");
  f.required("confidence", s.confidence, "how much they can be trusted");
  f.required("cell", s.cell, "cells and periphery: itrs-lop, itrs-hp");
  f.required("technology", s.technology, "process node", Positive());
  f.required("voltage", s.voltage, "supply of cells and periphery", Positive());
  f.required("points", s.points, "the macros");
}

namespace {

double figure_of(SramFigure figure, const SramPoint& p) {
  switch (figure) {
    case SramFigure::Read:
      return p.read.count();
    case SramFigure::Write:
      return p.write.count();
    case SramFigure::Leakage:
      return p.leakage.mw;
    case SramFigure::Area:
      return p.area.um2;
    case SramFigure::Access:
      return p.access.count() * 1e9;
    case SramFigure::Cycle:
      return p.cycle.count() * 1e9;
  }
  return 0;
}

double log_capacity(const SramPoint& p) { return std::log(static_cast<double>(p.capacity.count())); }
double log_width(const SramPoint& p) { return std::log(static_cast<double>(p.width.count())); }

/// A value over one coordinate.
using Line = std::map<double, double>;

/// Between points linear, beyond them constant.
double held(const Line& line, double x) {
  const auto above = line.lower_bound(x);
  if (above == line.begin()) return above->second;
  const auto below = std::prev(above);
  if (above == line.end()) return below->second;
  return below->second + (above->second - below->second) * (x - below->first) / (above->first - below->first);
}

/// Points by width.
std::map<double, Line> by_width(SramFigure figure, const std::vector<SramPoint>& points) {
  std::map<double, Line> lines;
  for (const auto& p : points) lines[log_width(p)][log_capacity(p)] = std::log(figure_of(figure, p));
  return lines;
}

/// The width with most capacities; of several the narrowest.
double spine_of(const std::map<double, Line>& lines) {
  return std::ranges::max_element(lines, {}, [](const auto& l) { return l.second.size(); })->first;
}

/// Means of values and how many they are of.
using Blocks = std::vector<std::pair<double, std::size_t>>;

/// Makes a row of values rise, each pool of violators at its mean: the nearest rising row. `blocks` is room to work in.
void pool(std::vector<double>& row, Blocks& blocks) {
  blocks.clear();
  for (const double value : row) {
    blocks.emplace_back(value, 1);
    while (blocks.size() > 1 && blocks.back().first < blocks[blocks.size() - 2].first) {
      const auto [mean, n] = blocks.back();
      blocks.pop_back();
      auto& b = blocks.back();
      b.first =
          (b.first * static_cast<double>(b.second) + mean * static_cast<double>(n)) / static_cast<double>(b.second + n);
      b.second += n;
    }
  }
  row.clear();
  for (const auto& [mean, n] : blocks) row.insert(row.end(), n, mean);
}

/// The segment of `axis` for `x`: its own, or the nearest.
std::size_t segment(const std::vector<double>& axis, double x) {
  const auto above = std::ranges::upper_bound(axis, x) - axis.begin();
  return static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(above - 1, 0, std::ssize(axis) - 2));
}

}  // namespace

SramSurface::SramSurface(SramFigure figure, const std::vector<SramPoint>& points) {
  const auto lines = by_width(figure, points);
  const double spine = spine_of(lines);
  const Line& base = lines.at(spine);
  std::map<double, Line> factors;
  for (const auto& [width, line] : lines)
    for (const auto& [capacity, value] : line) factors[width][capacity] = value - held(base, capacity);
  for (const auto& [capacity, value] : base) capacities_.push_back(capacity);
  for (const auto& [width, line] : lines) widths_.push_back(width);
  for (const double capacity : capacities_)
    for (const double width : widths_) grid_.push_back(base.at(capacity) + held(factors.at(width), capacity));
  if (figure == SramFigure::Read || figure == SramFigure::Write) make_monotone(true);
  if (figure == SramFigure::Leakage || figure == SramFigure::Area) make_monotone(false);
}

void SramSurface::make_monotone(bool in_width) {
  Blocks blocks;
  std::vector<double> line;
  const auto columns = [&] {
    for (std::size_t w = 0; w < widths_.size(); ++w) {
      line.clear();
      for (std::size_t c = 0; c < capacities_.size(); ++c) line.push_back(cell(c, w));
      pool(line, blocks);
      for (std::size_t c = 0; c < capacities_.size(); ++c) cell(c, w) = line[c];
    }
  };
  const auto rows = [&] {
    for (std::size_t c = 0; c < capacities_.size(); ++c) {
      const auto begin = grid_.begin() + static_cast<std::ptrdiff_t>(c * widths_.size());
      line.assign(begin, begin + std::ssize(widths_));
      pool(line, blocks);
      std::ranges::copy(line, begin);
    }
  };
  for (int turn = 0; turn < (in_width ? 200 : 1); ++turn) {
    const auto before = grid_;
    if (in_width) rows();
    columns();
    if (grid_ == before) break;
  }
  for (std::size_t c = 0; in_width && c < capacities_.size(); ++c)  // what is left of violations is rounding
    for (std::size_t w = 0; w < widths_.size(); ++w) {
      if (c > 0) cell(c, w) = std::max(cell(c, w), cell(c - 1, w));
      if (w > 0) cell(c, w) = std::max(cell(c, w), cell(c, w - 1));
    }
}

double SramSurface::slope(bool in_width, bool at_end) const {
  const auto& axis = in_width ? widths_ : capacities_;
  const auto& other = in_width ? capacities_ : widths_;
  if (axis.size() < 2) return 0;
  const std::size_t from = at_end ? axis.size() - 2 : 0;
  double sum = 0;
  for (std::size_t o = 0; o < other.size(); ++o)
    sum += in_width ? cell(o, from + 1) - cell(o, from) : cell(from + 1, o) - cell(from, o);
  return sum / static_cast<double>(other.size()) / (axis[from + 1] - axis[from]);
}

double SramSurface::at(double capacity, double width) const {
  const double x = std::clamp(std::log(capacity), capacities_.front(), capacities_.back());
  const double y = std::clamp(std::log(width), widths_.front(), widths_.back());
  const double beyond_x = std::log(capacity) - x, beyond_y = std::log(width) - y;
  const auto further = [&](double by, bool in_width) { return by == 0 ? 0 : by * slope(in_width, by > 0); };
  const double beyond = further(beyond_x, false) + further(beyond_y, true);
  const auto c = segment(capacities_, x);
  const double u = (x - capacities_[c]) / (capacities_[c + 1] - capacities_[c]);
  const auto along = [&](std::size_t w) { return cell(c, w) + u * (cell(c + 1, w) - cell(c, w)); };
  if (widths_.size() == 1) return std::exp(along(0) + beyond);
  const auto w = segment(widths_, y);
  const double v = (y - widths_[w]) / (widths_[w + 1] - widths_[w]);
  return std::exp(along(w) + v * (along(w + 1) - along(w)) + beyond);
}

SramFit leave_one_out(SramFigure figure, const SramSweep& sweep) {
  SramFit fit;
  double squares = 0;
  std::int64_t inner = 0;
  for (std::size_t i = 0; i < sweep.points.size(); ++i) {
    auto others = sweep.points;
    const SramPoint p = others[i];
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
    const auto beyond = [&](auto side) {
      return std::ranges::any_of(others,
                                 [&](const auto& o) { return o.width == p.width && side(o.capacity, p.capacity); });
    };
    const auto ours =
        SramSurface{figure, others}.at(static_cast<double>(p.capacity.count()), static_cast<double>(p.width.count()));
    const double off = std::abs(std::log(ours / figure_of(figure, p)));
    fit.edge = std::max(fit.edge, std::exp(off));
    if (!beyond(std::less{}) || !beyond(std::greater{})) continue;
    squares += off * off;
    ++inner;
    if (std::exp(off) <= fit.worst) continue;
    fit.worst = std::exp(off);
    fit.worst_at = fmt::format("{} B x {} b", p.capacity.count(), p.width.count());
  }
  fit.typical = std::exp(std::sqrt(squares / static_cast<double>(std::max<std::int64_t>(1, inner))));
  return fit;
}

SramSweep read_sram_sweep(const YamlDocument& document) {
  auto sweep = read_yaml<SramSweep>(document);
  Diagnostics wrong;
  if (sweep.kind != "sram_sweep")
    wrong.error(document.place_of("kind"), fmt::format("kind is {}, and an SRAM sweep was wanted", sweep.kind),
                "write `kind: sram_sweep`");
  std::set<std::pair<std::int64_t, std::int64_t>> seen;
  std::map<std::int64_t, int> capacities;
  for (const auto& p : sweep.points) {
    if (!seen.insert({p.capacity.count(), p.width.count()}).second)
      wrong.error(p.where, fmt::format("{} B x {} b is there twice", p.capacity.count(), p.width.count()),
                  "keep one of the two");
    ++capacities[p.width.count()];
  }
  if (std::ranges::none_of(capacities, [](const auto& c) { return c.second >= 3; }))
    wrong.error(document.place_of("points"), fmt::format("{} has no width with three capacities", sweep.name),
                "give one width at three capacities at least, to interpolate along it and leave one out");
  wrong.raise_if_any();
  return sweep;
}

SramModel::SramModel(SramSweep sweep) : sweep_{std::move(sweep)} {
  const auto widths = std::ranges::minmax_element(sweep_.points, {}, &SramPoint::width);
  const auto capacities = std::ranges::minmax_element(sweep_.points, {}, &SramPoint::capacity);
  narrowest_ = widths.min->width;
  widest_ = widths.max->width;
  smallest_ = capacities.min->capacity;
  largest_ = capacities.max->capacity;
  for (const auto& row : names<SramFigure>::table) {
    surfaces_.emplace_back(row.value, sweep_.points);
    fits_.push_back(leave_one_out(row.value, sweep_));
  }
}

/// The smallest macro that can be estimated, in bytes.
static constexpr double kLeastBytes = 16;

double SramModel::most_bytes() const { return 64 * static_cast<double>(largest_.count()); }

bool SramModel::reaches(Bytes capacity, Bits width) const {
  const double bytes =
      static_cast<double>(capacity.count()) / static_cast<double>(ceil_div(width.count(), widest_.count()));
  return bytes >= kLeastBytes && bytes <= most_bytes();
}

SramModel::Value SramModel::of(SramFigure figure, Bytes capacity, Bits width) const {
  Value v{.macros = ceil_div(width.count(), widest_.count())};
  const double n = static_cast<double>(v.macros);
  const double bytes = static_cast<double>(capacity.count()) / n, bits = static_cast<double>(width.count()) / n;
  if (!reaches(capacity, width))
    throw InputError({"", 0, 0}, fmt::format("{} reaches no macro of {:.0f} B", sweep_.name, bytes),
                     fmt::format("macros from {:g} B to {:.0f} B can be estimated", kLeastBytes, most_bytes()));
  const auto outside = [](double x, std::int64_t least, std::int64_t greatest) {
    return std::max({0.0, std::log2(static_cast<double>(least) / x), std::log2(x / static_cast<double>(greatest))});
  };
  const double octaves =
      outside(bytes, smallest_.count(), largest_.count()) + outside(bits, narrowest_.count(), widest_.count());
  const auto i = static_cast<std::size_t>(figure);
  v.value = surfaces_[i].at(bytes, bits);
  if (figure != SramFigure::Access && figure != SramFigure::Cycle) v.value *= n;
  v.within = octaves > 0 ? fits_[i].edge * std::pow(1.1, octaves) : fits_[i].worst;
  v.outside = octaves > 0;
  return v;
}

std::pair<SramModel::Value, Bits> SramModel::area_up_to(Bytes capacity, Bits width) const {
  const Bits asked = std::max(width, narrowest_);
  std::pair most{of(SramFigure::Area, capacity, asked), asked};
  const auto consider = [&](Bits port) {
    if (port >= asked || !reaches(capacity, port)) return;
    if (const auto v = of(SramFigure::Area, capacity, port); v.value > most.first.value) most = {v, port};
  };
  // Between the sweep's widths and where one macro more begins an area goes up or down all the way.
  for (const auto& p : sweep_.points) consider(p.width);
  for (Bits macros = widest_; macros < asked; macros = macros + widest_) {
    consider(macros);
    consider(macros + Bits{1});
  }
  return most;
}

}  // namespace eyrie
