#include "energy/map_fit.hpp"

#include <algorithm>
#include <cmath>
#include <nlopt.hpp>
#include <stdexcept>

#include "base/ensure.hpp"
#include "base/random.hpp"

namespace eyrie {

double Affine::operator()(std::span<const double> x) const {
  double all = constant;
  for (std::size_t i = 0; i < slope.size(); ++i) all += slope[i] * x[i];
  return all;
}

Affine& Affine::operator+=(const Affine& o) {
  constant += o.constant;
  slope.resize(std::max(slope.size(), o.slope.size()));
  for (std::size_t i = 0; i < o.slope.size(); ++i) slope[i] += o.slope[i];
  return *this;
}

namespace {

using Vector = std::vector<double>;

/// The cost over z, where x = prior x factor^z: bounds and steps are alike for all terms, and no x reaches 0.
class Cost {
 public:
  Cost(const std::vector<Prior>& priors, const std::vector<Measurement>& measured)
      : priors_{priors}, measured_{measured} {}

  [[nodiscard]] Vector values(const Vector& z) const {
    Vector x(z.size());
    for (std::size_t i = 0; i < z.size(); ++i) x[i] = priors_[i].value * std::pow(priors_[i].factor, z[i]);
    return x;
  }
  /// How far a measurement is off, in its widths.
  [[nodiscard]] static double residual(const Measurement& m, const Vector& x) { return (m(x) - m.published) / m.width; }
  /// Slope of that residual by z.
  [[nodiscard]] Vector slope(const Measurement& m, const Vector& x) const {
    const double whole = m.whole(x), ratio = m.part(x) / whole;
    Vector all(x.size());
    const auto of = [](const Affine& a, std::size_t i) { return i < a.slope.size() ? a.slope[i] : 0.0; };
    for (std::size_t i = 0; i < x.size(); ++i)
      all[i] = (of(m.part, i) - ratio * of(m.whole, i)) / whole / m.width * x[i] * std::log(priors_[i].factor);
    return all;
  }
  double operator()(const Vector& z, Vector& gradient) {
    ++evaluations;
    const auto x = values(z);
    double cost = 0;
    for (const double each : z) cost += each * each;
    if (!gradient.empty())
      for (std::size_t i = 0; i < z.size(); ++i) gradient[i] = 2 * z[i];
    for (const auto& m : measured_) {
      const double r = residual(m, x);
      cost += r * r;
      if (gradient.empty()) continue;
      const auto by = slope(m, x);
      for (std::size_t i = 0; i < z.size(); ++i) gradient[i] += 2 * r * by[i];
    }
    return cost;
  }

  std::size_t evaluations = 0;

 private:
  const std::vector<Prior>& priors_;
  const std::vector<Measurement>& measured_;
};

/// Of a normal distribution around z: the prior's identity, less what each measurement tells in its direction (Sherman
/// and Morrison).
std::vector<Vector> covariance(const Cost& cost, const std::vector<Measurement>& measured, const Vector& z) {
  const auto n = z.size();
  const auto x = cost.values(z);
  std::vector<Vector> all(n, Vector(n));
  for (std::size_t i = 0; i < n; ++i) all[i][i] = 1;
  for (const auto& m : measured) {
    const auto by = cost.slope(m, x);
    Vector along(n);
    double length = 1;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) along[i] += all[i][j] * by[j];
      length += by[i] * along[i];
    }
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) all[i][j] -= along[i] * along[j] / length;
  }
  return all;
}

/// The lower triangle L of a = L L^T (Cholesky), in place.
void factorise(std::vector<Vector>& a) {
  constexpr double kLeast = 1e-18;  // of a variance that rounding ate
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t j = 0; j <= i; ++j) {
      double left = a[i][j];
      for (std::size_t k = 0; k < j; ++k) left -= a[i][k] * a[j][k];
      a[i][j] = i == j ? std::sqrt(std::max(left, kLeast)) : left / a[j][j];
    }
}

/// The cost around a z, in steps that all directions feel alike: z + L y, L L^T the covariance there.
struct Around {
  Cost& cost;
  const Vector& z;
  std::vector<Vector> lower;

  [[nodiscard]] Vector at(const Vector& y) const {
    Vector all = z;
    for (std::size_t i = 0; i < z.size(); ++i)
      for (std::size_t j = 0; j <= i; ++j) all[i] += lower[i][j] * y[j];
    return all;
  }
  static double of(const Vector& y, Vector& gradient, void* self) {
    const auto& me = *static_cast<const Around*>(self);
    Vector by_z(gradient.size());
    const double value = me.cost(me.at(y), by_z);
    for (std::size_t j = 0; j < gradient.size(); ++j) {
      gradient[j] = 0;
      for (std::size_t i = j; i < by_z.size(); ++i) gradient[j] += me.lower[i][j] * by_z[i];
    }
    return value;
  }
};

/// One descent from y = 0. One that ends in failure, where doubles can't tell costs apart any more, leaves y as good as
/// it came; whether that is good enough is for `fit` to see.
Vector descent(Around& around) {
  nlopt::opt search{nlopt::LD_LBFGS, static_cast<unsigned>(around.z.size())};
  search.set_min_objective(Around::of, &around);
  search.set_xtol_abs(1e-12);
  search.set_maxeval(500);
  Vector y(around.z.size());
  double least = 0;
  try {
    search.optimize(y, least);
  } catch (const std::runtime_error&) {
  }
  return y;
}

/// The optimum that one start leads to: descents, each in the coordinates of where the last one ended.
Vector descend(Cost& cost, const std::vector<Measurement>& measured, Vector z) {
  constexpr int kMost = 50;
  Vector none;
  for (int i = 0; i < kMost; ++i) {
    Around around{cost, z, covariance(cost, measured, z)};
    factorise(around.lower);
    auto next = around.at(descent(around));
    const double gain = cost(z, none) - cost(next, none);
    if (!(gain > 0)) break;
    z = std::move(next);
  }
  return z;
}

double farthest_apart(const Vector& a, const Vector& b) {
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i) most = std::max(most, std::abs(a[i] - b[i]));
  return most;
}

}  // namespace

MapFit fit(const std::vector<Prior>& priors, const std::vector<Measurement>& measured, std::size_t starts) {
  ensure(!priors.empty() && starts > 0, "there are terms to fit, and a place to start");
  for (const auto& p : priors) ensure(p.value > 0 && p.factor > 1, "a prior is positive and has a width");
  Cost cost{priors, measured};
  Random random{1, "starts of a fit"};
  constexpr double kNear = 3;
  MapFit best{.starts = starts};
  std::vector<Vector> optima;
  double least = 0;
  for (std::size_t k = 0; k < starts; ++k) {
    Vector z(priors.size()), none;
    if (k > 0)
      for (auto& each : z) each = kNear * (2 * random.unit() - 1);
    optima.push_back(descend(cost, measured, z));
    const double here = cost(optima.back(), none);
    if (k == 0 || here < least) {
      least = here;
      best.moved = optima.back();
    }
  }
  for (const auto& z : optima) best.disagreement = std::max(best.disagreement, farthest_apart(z, best.moved));
  best.x = cost.values(best.moved);
  for (const auto& m : measured) best.data_cost += std::pow(Cost::residual(m, best.x), 2);
  best.prior_cost = least - best.data_cost;
  const auto left = covariance(cost, measured, best.moved);
  for (std::size_t i = 0; i < priors.size(); ++i) best.remaining.push_back(std::sqrt(std::max(0.0, left[i][i])));
  Vector gradient(priors.size());
  cost(best.moved, gradient);
  best.steepest = std::abs(*std::ranges::max_element(gradient, {}, [](double g) { return std::abs(g); }));
  best.evaluations = cost.evaluations;
  const auto too_far = [](double z) { return std::abs(z) > kFarthest; };
  best.converged = best.steepest < 1e-4 && best.disagreement < 1e-6 && std::ranges::none_of(best.moved, too_far);
  return best;
}

}  // namespace eyrie
