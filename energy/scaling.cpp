#include "energy/scaling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace eyrie {

namespace {

/// A node of Stillmaker and Baas: a V^2 + b V + c, and area in units of that at 65 nm.
struct Node {
  double nm, a, b, c, area;
};

/// By falling feature size.
constexpr Node kNodes[] = {{130, 7.171, -6.709, 2.904, 4.2875},     {90, 4.762, -4.781, 2.092, 1.8768},
                           {65, 3.755, -4.398, 1.975, 1.0},         {45, 1.103, -0.362, 0.2767, 0.6681},
                           {32, 0.9559, -0.7823, 0.471, 0.307},     {20, 0.373, -0.1582, 0.04104, 0.1406},
                           {16, 0.2958, -0.1241, 0.03024, 0.1271},  {14, 0.2363, -0.09675, 0.02239, 0.1156},
                           {10, 0.2068, -0.09311, 0.02375, 0.0677}, {7, 0.1776, -0.09097, 0.02447, 0.0394}};
constexpr double kLargest = 180, kLeastVolts = 0.6, kMostVolts = 1.3, kMostVolts180 = 2.0;
const Node& kOldest = kNodes[0];

double energy_of(const Node& n, double v) { return (n.a * v + n.b) * v + n.c; }

void check(Nanometres node) {
  if (node.nm >= std::rbegin(kNodes)->nm && node.nm <= kLargest) return;
  throw InputError({"", 0, 0}, fmt::format("{} nm lies outside of what can be scaled", node.nm),
                   fmt::format("nodes reach from {} to {} nm", std::rbegin(kNodes)->nm, kLargest));
}

void check(Nanometres node, Volts supply) {
  check(node);
  const double most = node.nm >= 150 ? kMostVolts180 : kMostVolts;
  if (supply.v >= kLeastVolts && supply.v <= most) return;
  throw InputError({"", 0, 0}, fmt::format("{} V at {} nm lies outside of what can be scaled", supply.v, node.nm),
                   fmt::format("supplies reach from {} to {:.1f} V there", kLeastVolts, most));
}

/// Between the two nodes around it, linear in logarithms of feature size and value.
template <class Of>
double between(Nanometres node, Of of) {
  const auto* upper =
      std::find_if(std::begin(kNodes), std::end(kNodes), [&](const Node& n) { return n.nm <= node.nm; });
  if (upper->nm == node.nm) return of(*upper);
  const Node &large = *(upper - 1), &small = *upper;
  const double way = std::log(large.nm / node.nm) / std::log(large.nm / small.nm);
  return std::exp((1 - way) * std::log(of(large)) + way * std::log(of(small)));
}

/// Energy in the units of the polynomials.
double energy_at(Nanometres node, Volts supply) {
  check(node, supply);
  if (node.nm <= kOldest.nm) return between(node, [&](const Node& n) { return energy_of(n, supply.v); });
  const double v = supply.v / 1.2;
  return energy_of(kOldest, 1.2) * node.nm / kOldest.nm * v * v;
}

double area_at(Nanometres node) {
  check(node);
  if (node.nm <= kOldest.nm) return between(node, [](const Node& n) { return n.area; });
  return kOldest.area * (node.nm / kOldest.nm) * (node.nm / kOldest.nm);
}

}  // namespace

double energy_ratio(Nanometres from, Volts from_voltage, Nanometres to, Volts to_voltage) {
  return energy_at(to, to_voltage) / energy_at(from, from_voltage);
}

double area_ratio(Nanometres from, Nanometres to) { return area_at(to) / area_at(from); }

double delay_ratio(Nanometres from, Nanometres to) {
  check(from);
  check(to);
  return to.nm / from.nm;
}

double leakage_ratio(Volts from, Volts to) { return to.v / from.v; }

bool crosses_multigate(Nanometres from, Nanometres to) {
  return from != to && std::max(from.nm, to.nm) > 20 && std::min(from.nm, to.nm) < 32;
}

double scaling_width(Nanometres from, Volts from_voltage, Nanometres to, Volts to_voltage) {
  double width = from_voltage == to_voltage ? 1 : 1.1;
  width *= std::pow(1.15, std::abs(std::log2(from.nm / to.nm)));
  if (crosses_multigate(from, to)) width *= 1.5;
  if (std::max(from.nm, to.nm) > kOldest.nm) width *= 1.3;
  return width;
}

double area_scaling_width(Nanometres from, Nanometres to) { return scaling_width(from, {1.0}, to, {1.0}); }

std::string area_scaling_note(Nanometres from, Nanometres to) {
  return from == to ? "" : fmt::format("x {:.3g} from {:g} nm", area_ratio(from, to), from.nm);
}

std::string scaling_note(Nanometres from, Volts from_voltage, Nanometres to, Volts to_voltage) {
  if (from == to && from_voltage == to_voltage) return {};
  auto note = fmt::format("x {:.3g} from {} nm, {} V (Stillmaker and Baas, 2017)",
                          energy_ratio(from, from_voltage, to, to_voltage), from.nm, from_voltage.v);
  if (std::max(from.nm, to.nm) > kOldest.nm) note += ", extrapolated beyond 130 nm";
  if (crosses_multigate(from, to)) note += ", across their step from planar (32 nm) to multi-gate devices (20 nm)";
  return note;
}

double combined(std::span<const double> factors) {
  double squares = 0;
  for (const double f : factors) squares += std::log(f) * std::log(f);
  return std::exp(std::sqrt(squares));
}

}  // namespace eyrie
