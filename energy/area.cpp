#include "energy/area.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "energy/scaling.hpp"

namespace eyrie {

namespace {

Bits bits_of(std::int64_t words, Bits width) { return width * words; }

/// The law for a figure that does not state one.
AreaScaling usual_scaling(std::string_view kind) {
  if (kind == "mac") return AreaScaling::Square;
  return kind == "spad" || kind == "noc" || kind == "link" ? AreaScaling::Linear : AreaScaling::Fixed;
}

/// How far a memory in proportion to its capacity may be off, an octave. Register files of the area model of ISCA 2016
/// go from 32 B to 4 KiB with the power 0.58, so 2^0.42; CACTI's buffers with 0.9 and more.
constexpr double kSpadOctave = 1.35, kBufferOctave = 1.1;

/// A figure on a component.
class Placed {
 public:
  Placed(const AreaFigure& f, const AreaComponent& c, std::int64_t pes) : f_{f}, c_{c}, pes_{pes} {}

  /// Adds what keeps the figure from being this component's: words that it has none of, a memory of unsaid size.
  void check(Diagnostics& wrong) const {
    if ((f_.per == AreaPer::Word || f_.per == AreaPer::Bit) && c_.bits.count() == 0)
      wrong.error(f_.where, fmt::format("the area of {} is per {}, and it has none", c_.name, name_of(f_.per)),
                  "it is per instance or pe");
    const bool memory = buffer() || c_.kind == "spad";
    if (memory && !f_.size && f_.area.um2 > 0 && (f_.per == AreaPer::Instance || f_.per == AreaPer::Pe))
      wrong.error(f_.where, fmt::format("the area of {} does not say for which capacity it is", c_.name),
                  "give `size`, or an area per bit");
    if (f_.size && !memory)
      wrong.error(f_.where, fmt::format("the area of {} is for a size, and it is no memory", c_.name),
                  "leave `size` out");
  }
  [[nodiscard]] double area_um2() const { return f_.area.um2 * units() * factor(); }
  [[nodiscard]] bool scaled() const { return factor() != 1; }
  /// Of a scaled figure a derived one's at least; another capacity is the less sure the further it is.
  [[nodiscard]] double within() const {
    if (!scaled()) return f_.width();
    const double derived = std::max(f_.width(), usual_width(Confidence::Derived));
    if (!f_.size) return derived;
    const double octaves = std::abs(std::log2(ratio(c_.bits, Bits{8 * f_.size->count()})));
    const double causes[] = {derived, std::pow(buffer() ? kBufferOctave : kSpadOctave, octaves)};
    return combined(causes);
  }

 private:
  /// What the figure is counted for.
  [[nodiscard]] double units() const {
    const auto instances = static_cast<double>(c_.instances);
    switch (f_.per) {
      case AreaPer::Instance:
        return instances;
      case AreaPer::Pe:
        return static_cast<double>(pes_);
      case AreaPer::Word:
        return instances * (buffer() ? ratio(c_.bits, f_.at) : static_cast<double>(c_.words));
      case AreaPer::Bit:
        return instances * static_cast<double>(c_.bits.count());
    }
    return 0;
  }

  [[nodiscard]] double factor() const {
    if (f_.per == AreaPer::Bit) return 1;
    if (f_.size) return ratio(c_.bits, Bits{8 * f_.size->count()});
    const double width = ratio(c_.width, f_.at);
    switch (buffer() ? AreaScaling::Fixed : f_.scaling.value_or(usual_scaling(c_.kind))) {
      case AreaScaling::Fixed:
        return 1;
      case AreaScaling::Linear:
        return width;
      case AreaScaling::Square:
        return width * width;
    }
    return 1;
  }

  /// Its capacity is in bytes, whatever its words.
  [[nodiscard]] bool buffer() const { return c_.kind == "sram"; }
  static double ratio(Bits a, Bits b) { return static_cast<double>(a.count()) / static_cast<double>(b.count()); }

  const AreaFigure& f_;
  const AreaComponent& c_;
  std::int64_t pes_;
};

/// Indices of what is said of a component: of its name, else of its kind.
template <class Said>
std::vector<std::size_t> said_of(const AreaComponent& c, const std::vector<Said>& all) {
  std::vector<std::size_t> found;
  for (const auto& wanted : {c.name, c.kind}) {
    for (std::size_t i = 0; i < all.size(); ++i)
      if (all[i].component == wanted) found.push_back(i);
    if (!found.empty()) break;
  }
  return found;
}

}  // namespace

std::vector<AreaComponent> area_components(const Architecture& a) {
  std::vector<AreaComponent> all;
  for (const auto& b : a.buffers)
    all.push_back({b.name, "sram", 1, Bits{8}, b.capacity.count(), Bits{8 * b.capacity.count()}});
  for (const auto& n : a.networks) {
    const auto width = a.width(n.tensor);
    all.push_back({n.name, kind_of(a, n.name), 1, width, n.width.count(), bits_of(n.width.count(), width)});
  }
  const auto operand = std::max(a.words.input, a.words.weight);
  all.push_back({a.array.name, "array", 1, operand, 0, {}});
  for (const auto& s : a.array.spads) {
    const auto width = a.width(s.tensor);
    all.push_back({s.name, "spad", a.pes(), width, s.depth.count(), bits_of(s.depth.count(), width)});
  }
  all.push_back({a.array.mac.name, "mac", a.pes(), operand, 1, operand});
  if (a.dram.compression) all.push_back({"rlc", "rlc", 1, a.words.input, 0, {}});
  all.push_back({"chip", "chip", 1, operand, 0, {}});
  return all;
}

AreaReport area_of(const Architecture& a, const EnergyTable& table) {
  AreaReport report;
  SumOfSources sum;
  Diagnostics wrong;
  for (const auto& c : area_components(a)) {
    const auto figures = said_of(c, table.areas);
    if (figures.empty()) report.unknown.push_back(c.name);
    for (const auto i : said_of(c, table.unknown_areas))
      if (!figures.empty()) report.unknown.push_back(fmt::format("{} ({})", c.name, table.unknown_areas[i].part));
    for (const auto i : figures) {
      const auto& f = table.areas[i];
      const Placed placed{f, c, a.pes()};
      placed.check(wrong);
      const auto um2 = placed.area_um2();
      const auto instances = f.per == AreaPer::Pe ? a.pes() : c.instances;
      const auto within = placed.within();
      report.lines.push_back({c.name,
                              f.part,
                              instances,
                              {um2},
                              interval_of(um2, within),
                              i,
                              placed.scaled(),
                              placed.scaled() ? std::max(f.confidence, Confidence::Derived) : f.confidence});
      sum.add(f.source, um2, within);
    }
  }
  wrong.raise_if_any();
  for (const auto& k : table.known_sums)
    if (k.area && std::abs(sum.total_of(k.source) - k.area->um2) <= 1e-6 * k.area->um2)
      sum.know_sum(k.source, k.within);
  report.total = {sum.total()};
  report.interval = sum.interval();
  return report;
}

}  // namespace eyrie
