#include "explore/latency.hpp"

#include <algorithm>
#include <cmath>

namespace eyrie {

void describe(Fields& f, Latency& l) {
  f.about("a latency: one value, or a distribution");
  f.place(l.where);
  const Fields::Alternative shapes[] = {
      {"constant", names<LatencyShape>::table[0].what,
       [&](Fields& in) { in.required("value", l.value, "the latency", AtLeast(0)); }},
      {"normal", names<LatencyShape>::table[1].what,
       [&](Fields& in) {
         in.required("mean", l.centre, "before values below 0 are cut off", AtLeast(0));
         in.required("deviation", l.spread, "standard deviation, before values below 0 are cut off", Positive());
       }},
      {"lognormal", names<LatencyShape>::table[2].what,
       [&](Fields& in) {
         in.required("median", l.median, "half of all take longer", Positive());
         in.required("p99", l.p99, "one in a hundred takes longer", Positive());
       }},
      {"empirical", names<LatencyShape>::table[3].what,
       [&](Fields& in) { in.required("samples", l.samples, "measured latencies", AtLeast(0)); }}};
  auto chosen = static_cast<std::size_t>(l.shape);
  f.choice("shape", "which distribution", chosen, shapes);
  l.shape = static_cast<LatencyShape>(chosen);
  f.required("source", l.source, "where it was read, or what it was computed from");
  f.required("confidence", l.confidence, "how much it can be trusted");
  f.optional("note", l.note, "what to beware of");
}

void check(const Latency& l, const std::string& key, Diagnostics& wrong) {
  if (l.shape == LatencyShape::Empirical && l.samples.empty())
    wrong.error(l.where, key + ".samples is empty", "give at least one latency");
  if (l.shape == LatencyShape::Lognormal && l.p99 <= l.median)
    wrong.error(l.where, key + ".p99 is not above its median",
                "a latency that is always the same has `shape: constant`");
  else if (l.shape != LatencyShape::Empirical && !std::isfinite(mean_of(l).count()))
    wrong.error(l.where, key + " has a mean beyond any number", "give smaller latencies");
}

std::vector<StatedFigure> figures_of(const Latency& l, const std::string& key) {
  const auto one = [&](const char* name, Seconds value) {
    return StatedFigure{key + "." + name, value.count(), "s", l.source, l.confidence, l.note};
  };
  switch (l.shape) {
    case LatencyShape::Constant:
      return {one("value", l.value)};
    case LatencyShape::Normal:
      return {one("mean", l.centre), one("deviation", l.spread)};
    case LatencyShape::Lognormal:
      return {one("median", l.median), one("p99", l.p99)};
    case LatencyShape::Empirical:
      break;
  }
  return {one("samples.mean", mean_of(l))};
}

namespace {

double normal_below(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }
double normal_density(double z) { return std::exp(-0.5 * z * z) / std::sqrt(2 * std::acos(-1.0)); }

/// z with P(Z <= z) = share, by halving; the same on every machine as far as erfc is.
double normal_quantile(double share) {
  double low = -40, high = 40;
  for (int i = 0; i < 200; ++i) {
    const double middle = 0.5 * (low + high);
    (normal_below(middle) < share ? low : high) = middle;
  }
  return high;
}

/// sigma of the logarithm.
double log_spread(const Latency& l) { return std::log(l.p99 / l.median) / normal_quantile(0.99); }

/// Share of the whole normal distribution that lies below 0.
double cut_off(const Latency& l) { return normal_below(-(l.centre / l.spread)); }

std::vector<Seconds> sorted(std::vector<Seconds> samples) {
  std::ranges::sort(samples);
  return samples;
}

}  // namespace

Seconds mean_of(const Latency& l) {
  switch (l.shape) {
    case LatencyShape::Constant:
      return l.value;
    case LatencyShape::Normal:
      return l.centre + l.spread * (normal_density(-(l.centre / l.spread)) / (1 - cut_off(l)));
    case LatencyShape::Lognormal:
      return l.median * std::exp(0.5 * log_spread(l) * log_spread(l));
    case LatencyShape::Empirical:
      break;
  }
  Seconds sum{};
  for (const auto s : sorted(l.samples)) sum += s;
  return sum / static_cast<double>(l.samples.size());
}

Seconds quantile(const Latency& l, double share) {
  switch (l.shape) {
    case LatencyShape::Constant:
      return l.value;
    case LatencyShape::Normal: {
      const double below = cut_off(l);
      return std::max(Seconds{0}, l.centre + l.spread * normal_quantile(below + share * (1 - below)));
    }
    case LatencyShape::Lognormal:
      return l.median * std::exp(log_spread(l) * normal_quantile(share));
    case LatencyShape::Empirical:
      break;
  }
  const auto all = sorted(l.samples);
  const auto n = static_cast<double>(all.size());
  const auto rank = std::max(1.0, std::ceil(share * n - 1e-9));  // 0.07 * 100 is a little above 7
  return all[static_cast<std::size_t>(std::min(rank, n)) - 1];
}

double share_within(const Latency& l, Seconds t) {
  if (t < Seconds{0}) return 0;
  switch (l.shape) {
    case LatencyShape::Constant:
      return t >= l.value ? 1 : 0;
    case LatencyShape::Normal:
      return (normal_below((t - l.centre) / l.spread) - cut_off(l)) / (1 - cut_off(l));
    case LatencyShape::Lognormal:
      return t.count() > 0 ? normal_below(std::log(t / l.median) / log_spread(l)) : 0;
    case LatencyShape::Empirical:
      break;
  }
  return static_cast<double>(std::ranges::count_if(l.samples, [&](Seconds s) { return s <= t; })) /
         static_cast<double>(l.samples.size());
}

Seconds mean_of(const ShiftedLatency& l) { return l.factor > 0 ? l.fixed + l.factor * mean_of(l.varying) : l.fixed; }

Seconds quantile(const ShiftedLatency& l, double share) {
  return l.factor > 0 ? l.fixed + l.factor * quantile(l.varying, share) : l.fixed;
}

double share_within(const ShiftedLatency& l, Seconds t) {
  if (l.factor <= 0) return t >= l.fixed ? 1 : 0;
  return share_within(l.varying, (t - l.fixed) / l.factor);
}

Seconds mean_of(const LatencyMixture& m) { return (1 - m.share) * m.shorter + m.share * mean_of(m.longer); }

Seconds quantile(const LatencyMixture& m, double share) {
  const double rest = share - (1 - m.share);
  return rest <= 1e-12 ? m.shorter : quantile(m.longer, rest / m.share);
}

double share_within(const LatencyMixture& m, Seconds t) {
  const double shorter = t >= m.shorter ? 1 : 0;
  return (1 - m.share) * shorter + m.share * share_within(m.longer, t);
}

}  // namespace eyrie
