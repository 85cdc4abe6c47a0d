#include "energy/estimate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/ensure.hpp"
#include "energy/scaling.hpp"

namespace eyrie {

namespace {

double number(Bits b) { return static_cast<double>(b.count()); }
double number(Words w) { return static_cast<double>(w.count()); }

/// Two lists of sentences as one; what the first says already is not said again.
std::string joined(const std::string& a, const std::string& b) {
  constexpr std::string_view between = "; ";
  std::string all = a;
  for (std::size_t from = 0; from < b.size();) {
    const auto to = std::min(b.find(between, from), b.size());
    const auto piece = b.substr(from, to - from);
    if (all.find(piece) == std::string::npos) all += (all.empty() ? "" : std::string(between)) + piece;
    from = to + between.size();
  }
  return all;
}

/// Two neighbours, `way` of the distance from the first to the second.
Estimate mixed(const Estimate& a, const Estimate& b, double way) {
  Estimate e = a;
  e.value = std::exp((1 - way) * std::log(a.value) + way * std::log(b.value));
  e.within = std::max(a.within, b.within);
  e.confidence = std::max(a.confidence, b.confidence);
  e.source = joined(a.source, b.source);
  e.note = joined(a.note, b.note);
  return e;
}

/// At `x` between points, in rising x: the two around it, or the nearest with `exponent` beyond the last ones.
Estimate along(const std::vector<Point>& points, double x, double exponent, std::string_view unit) {
  const auto after = std::ranges::find_if(points, [&](const Point& p) { return p.x >= x; });
  if (after != points.end() && after->x == x) return after->at;
  if (after == points.begin() || after == points.end()) {
    const Point& near = after == points.end() ? points.back() : points.front();
    const double octaves = std::abs(std::log2(x / near.x));
    auto e = near.at.times(std::pow(x / near.x, exponent));
    const double causes[] = {e.within, std::pow(1.15, octaves)};
    e.within = combined(causes);
    return e.noted(fmt::format("from {:g} {}, exponent {:.2g}", near.x, unit, exponent));
  }
  const Point &low = *std::prev(after), &high = *after;
  return mixed(low.at, high.at, std::log(x / low.x) / std::log(high.x / low.x))
      .noted(fmt::format("between {:g} and {:g} {}", low.x, high.x, unit));
}

}  // namespace

Estimate Estimate::times(double k) const {
  Estimate e = *this;
  e.value *= k;
  return e;
}

Estimate Estimate::noted(std::string_view how, Confidence least) const {
  Estimate e = *this;
  e.note = joined(std::string(how), note);
  e.confidence = std::max(confidence, least);
  if (least == Confidence::Assumed) {
    const double causes[] = {within, usual_width(least)};
    e.within = combined(causes);
  }
  return e;
}

Estimate operator+(const Estimate& a, const Estimate& b) {
  Estimate e{.value = a.value + b.value,
             .within = std::max(a.within, b.within),
             .confidence = std::max({a.confidence, b.confidence, Confidence::Derived}),
             .source = joined(a.source, b.source),
             .note = joined(a.note, b.note)};
  if (e.value > 0) e.within = (a.value * a.within + b.value * b.within) / e.value;
  return e;
}

/// An area at another node, with the rule in its note.
static Estimate area_at(const PartFigure& f, Nanometres node) {
  const double factor = area_ratio(f.technology, node);
  const double causes[] = {f.width(), area_scaling_width(f.technology, node)};
  return {.value = f.area->um2 * factor,
          .within = combined(causes),
          .confidence = std::max(f.confidence, Confidence::Derived),
          .source = f.source,
          .note = joined(area_scaling_note(f.technology, node), f.note)};
}

Parts::Parts(const Technology& t) : t_{t} {
  for (const auto& f : t.figures)
    if (f.what == PartKind::RegisterFile && f.area)
      files_.push_back({number(f.depth) * number(f.at) / 8, area_at(f, t.technology)});
  std::ranges::sort(files_, {}, &Point::x);
}

Estimate Parts::energy_of(const PartFigure& f) const {
  // A millimetre of wire has the same capacitance in every node.
  const bool wires = f.what == PartKind::Wire;
  const Nanometres from = wires ? t_.technology : f.technology;
  const double supplies = t_.voltage.v / f.voltage.v;
  const double factor = wires ? supplies * supplies : energy_ratio(from, f.voltage, t_.technology, t_.voltage);
  const double causes[] = {f.width(), scaling_width(from, f.voltage, t_.technology, t_.voltage)};
  const auto rule = wires ? std::string(factor == 1 ? "" : "as the square of the supply")
                          : scaling_note(from, f.voltage, t_.technology, t_.voltage);
  return {.value = f.energy->count() * factor,
          .within = combined(causes),
          .confidence = rule.empty() ? f.confidence : std::max(f.confidence, Confidence::Derived),
          .source = f.source,
          .note = joined(rule, f.note)};
}

Estimate Parts::over_width(PartKind part, double width, double exponent) const {
  std::vector<Point> points;
  for (const auto& f : t_.figures)
    if (f.what == part && f.energy) points.push_back({number(f.at), energy_of(f)});
  ensure(!points.empty(), "a technology has every part");
  std::ranges::sort(points, {}, &Point::x);
  return along(points, width, exponent, "b");
}

Estimate Parts::over_depth(PartKind part, Words depth, Bits width) const {
  std::vector<Point> points;
  for (const auto& f : t_.figures)
    if (f.what == part && f.energy)
      points.push_back({number(f.depth), energy_of(f).times(number(width) / number(f.at))});
  ensure(!points.empty(), "a technology has every part");
  std::ranges::sort(points, {}, &Point::x);
  const auto slope = [&](std::size_t i) {
    if (points.size() < 2) return 1.0;
    return std::log(points[i + 1].at.value / points[i].at.value) / std::log(points[i + 1].x / points[i].x);
  };
  const bool below = number(depth) < points.front().x;
  return along(points, number(depth), slope(below ? 0 : points.size() - std::min<std::size_t>(2, points.size())),
               "words");
}

Estimate Parts::multiply(Bits a, Bits b) const {
  return over_width(PartKind::Multiply, std::sqrt(number(a) * number(b)), 2);
}
Estimate Parts::add(Bits width) const { return over_width(PartKind::Add, number(width), 1); }
Estimate Parts::compare(Bits width) const { return over_width(PartKind::Compare, number(width), 1); }
Estimate Parts::count() const { return over_width(PartKind::Count, 32, 1); }
Estimate Parts::control() const { return over_width(PartKind::Control, 16, 0); }

/// As many times one.
static Estimate each(const Estimate& of, double have, double wanted) { return of.times(wanted / have); }

Estimate Parts::flip_flops(Bits bits) const { return each(over_width(PartKind::FlipFlop, 1, 1), 1, number(bits)); }
Estimate Parts::wire(double millimetres) const { return over_width(PartKind::Wire, 1, 1).times(millimetres); }
Estimate Parts::register_read(Words depth, Bits width) const {
  return over_depth(PartKind::RegisterRead, depth, width);
}
Estimate Parts::register_write(Words depth, Bits width) const {
  return over_depth(PartKind::RegisterWrite, depth, width);
}

std::optional<Estimate> Parts::known_area(PartKind part, double width, double exponent) const {
  std::vector<Point> points;
  for (const auto& f : t_.figures)
    if (f.what == part && f.area) points.push_back({number(f.at), area_at(f, t_.technology)});
  if (points.empty()) return std::nullopt;
  std::ranges::sort(points, {}, &Point::x);
  return along(points, width, exponent, "b");
}

Estimate Parts::area(PartKind part, double width, double exponent) const {
  if (auto known = known_area(part, width, exponent)) return *std::move(known);
  throw InternalError("a technology has the areas of its parts");
}

std::optional<Estimate> Parts::multiplier_area(Bits a, Bits b) const {
  return known_area(PartKind::Multiply, std::sqrt(number(a) * number(b)), 2);
}

std::optional<Estimate> Parts::area_of(PartKind part, Bits width) const {
  return known_area(part, number(width), part == PartKind::Control ? 0 : 1);
}

Estimate Parts::memory_area(double bits) const {
  auto flip_flops = register_area(bits);
  if (files_.empty()) return flip_flops.noted("flip-flops");
  auto file = along(files_, bits / 8, 1, "B");
  return file.value < flip_flops.value ? file.noted("a register file") : flip_flops.noted("flip-flops");
}

Estimate Parts::leakage(PartKind part, double width, double exponent) const {
  for (const auto& f : t_.figures)
    if (f.what == part && f.leakage) {
      const double causes[] = {2.0, f.width()};  // flavours of a node differ by more than nodes do
      return {.value = f.leakage->mw * leakage_ratio(f.voltage, t_.voltage) * std::pow(width / number(f.at), exponent),
              .within = combined(causes),
              .confidence = Confidence::Assumed,
              .source = f.source,
              .note = fmt::format("leakage of {} nm at {} V as the supply, whatever the node", f.technology.nm,
                                  f.voltage.v)};
    }
  throw InternalError("a technology has the leakage of its parts");
}

Estimate Parts::datapath_area(Bits a, Bits b, Bits sum) const {
  return area(PartKind::Multiply, std::sqrt(number(a) * number(b)), 2) + area(PartKind::Add, number(sum), 1);
}
Estimate Parts::register_area(double bits) const { return area(PartKind::RegisterWrite, 1, 1).times(bits); }
Estimate Parts::datapath_leakage(Bits a, Bits b, Bits sum) const {
  return leakage(PartKind::Multiply, std::sqrt(number(a) * number(b)), 2) + leakage(PartKind::Add, number(sum), 1);
}
Estimate Parts::register_leakage(double bits) const {
  const auto multiplier = area(PartKind::Multiply, 16, 2);
  return leakage(PartKind::Multiply, 16, 2)
      .times(register_area(bits).value / multiplier.value)
      .noted("registers leak as a multiplier does, by area", Confidence::Assumed);
}

Estimate Parts::sram(SramFigure figure, Bytes capacity, Bits width) const {
  const auto s = sram_estimate(t_, figure, capacity, width);
  return {.value = s.value, .within = s.within, .confidence = Confidence::Derived, .source = s.source, .note = s.note};
}

}  // namespace eyrie
