#include "explore/profile_tree.hpp"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

namespace eyrie {

namespace {

constexpr std::size_t kTerms = 5;
using Row = std::array<double, kTerms>;

Row terms_of(const Observation& o) { return {1, o.features[0], o.features[1], o.features[2], o.features[3]}; }

/// Sums over observations of products of their terms, each over its cycles: the normal equations of the relative error.
struct Sums {
  std::array<Row, kTerms> products{};
  Row terms{};
  double observations = 0;

  void add(const Observation& o) {
    auto row = terms_of(o);
    for (auto& x : row) x /= o.cycles;
    for (std::size_t i = 0; i < kTerms; ++i) {
      terms[i] += row[i];
      for (std::size_t k = 0; k < kTerms; ++k) products[i][k] += row[i] * row[k];
    }
    observations += 1;
  }
};

struct Fit {
  Row coefficient{};
  double error = 0;  ///< sum of squared relative errors
};

/// Least squares over some of the terms. Columns are scaled to length 1, so that MACs and a constant can be told apart.
bool solve(const Sums& s, const std::vector<std::size_t>& used, Row& coefficient) {
  using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::ColMajor, kTerms, kTerms>;
  using Vector = Eigen::Matrix<double, Eigen::Dynamic, 1, Eigen::ColMajor, kTerms, 1>;
  const auto n = static_cast<Eigen::Index>(used.size());
  Matrix m(n, n);
  Vector x(n), length(n);
  for (Eigen::Index i = 0; i < n; ++i) length(i) = std::sqrt(s.products[used[i]][used[i]]);
  if ((length.array() <= 0).any()) return false;
  for (Eigen::Index i = 0; i < n; ++i) {
    x(i) = s.terms[used[i]] / length(i);
    for (Eigen::Index k = 0; k < n; ++k) m(i, k) = s.products[used[i]][used[k]] / (length(i) * length(k));
  }
  const Eigen::LDLT<Matrix> factors{m};
  if (factors.info() != Eigen::Success || factors.vectorD().minCoeff() < 1e-9) return false;  // terms that go together
  const Vector solution = factors.solve(x);
  coefficient = {};
  for (Eigen::Index i = 0; i < n; ++i) coefficient[used[i]] = solution(i) / length(i);
  return true;
}

double error_of(const Sums& s, const Row& c) {
  double error = s.observations;
  for (std::size_t i = 0; i < kTerms; ++i) {
    error -= 2 * c[i] * s.terms[i];
    for (std::size_t k = 0; k < kTerms; ++k) error += c[i] * s.products[i][k] * c[k];
  }
  return std::max(0.0, error);
}

/// Non-negative least squares: with five terms the best of all 31 sets of them whose solution has none below 0.
Fit fit_of(const Sums& s, const Terms& allowed) {
  Fit best{.coefficient = {}, .error = s.observations};
  for (unsigned set = 1; set < 1U << kTerms; ++set) {
    std::vector<std::size_t> used;
    bool possible = true;
    for (std::size_t i = 0; i < kTerms; ++i)
      if ((set >> i & 1U) != 0) {
        used.push_back(i);
        possible = possible && allowed[i];
      }
    Row c{};
    if (!possible || static_cast<double>(used.size()) > s.observations || !solve(s, used, c)) continue;
    if (std::ranges::any_of(c, [](double x) { return x < 0; })) continue;
    const double error = error_of(s, c);
    if (error < best.error * (1 - 1e-9)) best = {c, error};
  }
  return best;
}

LinearPiece piece_of(const Fit& f) {
  return {.constant = f.coefficient[0],
          .coefficient = {f.coefficient[1], f.coefficient[2], f.coefficient[3], f.coefficient[4]}};
}

double size_of(const Observation& o, std::string_view size) {
  for (std::size_t i = 0; i < kFeatureNames.size(); ++i)
    if (kFeatureNames[i] == size) return o.features[i];
  return o.channels;
}

/// Conditions that divide some observations: each kind, then between each two sizes that follow each other.
std::vector<Condition> conditions(const std::vector<const Observation*>& all) {
  std::vector<Condition> found;
  std::set<std::string> kinds;
  for (const auto* o : all) kinds.insert(o->kind);
  if (kinds.size() > 1)
    for (const auto& k : kinds) found.push_back({.kind = k, .size = {}, .most = 0});
  for (const std::string_view size :
       {std::string_view{"channels"}, kFeatureNames[0], kFeatureNames[1], kFeatureNames[2], kFeatureNames[3]}) {
    std::set<double> values;
    for (const auto* o : all) values.insert(size_of(*o, size));
    for (auto it = values.begin(); it != values.end() && std::next(it) != values.end(); ++it)
      found.push_back({.kind = {}, .size = size, .most = (*it + *std::next(it)) / 2});
  }
  return found;
}

class Grower {
 public:
  explicit Grower(const TreeOptions& options) : options_{options} {}

  RegressionTree grow(const std::vector<Observation>& all) {
    std::vector<const Observation*> pointers;
    for (const auto& o : all) pointers.push_back(&o);
    node(pointers, 0);
    return std::move(tree_);
  }

 private:
  struct Split {
    std::optional<Condition> condition;
    double error = 0;
  };

  [[nodiscard]] Split best_split(const std::vector<const Observation*>& all, double error) const {
    Split best{.condition = {}, .error = error * (1 - options_.gain)};
    for (const auto& c : conditions(all)) {
      Sums yes, no;
      for (const auto* o : all) (c(*o) ? yes : no).add(*o);
      const auto fewest = static_cast<double>(options_.leaf);
      if (yes.observations < fewest || no.observations < fewest) continue;
      const double now = fit_of(yes, kAllTerms).error + fit_of(no, kAllTerms).error;
      if (now < best.error * (1 - 1e-9)) best = {c, now};
    }
    return best;
  }

  std::size_t node(const std::vector<const Observation*>& all, std::size_t depth) {
    const auto number = tree_.nodes.size();
    Sums sums;
    for (const auto* o : all) sums.add(*o);
    const auto fit = fit_of(sums, kAllTerms);
    tree_.nodes.push_back({.condition = {}, .yes = 0, .no = 0, .piece = piece_of(fit), .observations = all.size()});
    constexpr double kExact = 1e-12;  // squared relative error of an observation that is as good as none
    if (depth >= options_.depth || fit.error < kExact * sums.observations) return number;
    const auto split = best_split(all, fit.error);
    if (!split.condition) return number;
    std::vector<const Observation*> yes, no;
    for (const auto* o : all) ((*split.condition)(*o) ? yes : no).push_back(o);
    const auto first = node(yes, depth + 1), second = node(no, depth + 1);
    auto& n = tree_.nodes[number];
    n.condition = *split.condition;
    n.yes = first;
    n.no = second;
    return number;
  }

  TreeOptions options_;
  RegressionTree tree_;
};

/// Mean relative error when each is predicted by what `fit` makes of the others.
template <class FitOthers>
double left_out_error(const std::vector<Observation>& all, FitOthers fit) {
  double sum = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    auto others = all;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
    sum += std::abs(fit(others)(all[i]) - all[i].cycles) / all[i].cycles;
  }
  return all.empty() ? 0 : sum / static_cast<double>(all.size());
}

std::string shown(const LinearPiece& p) {
  std::vector<std::string> parts;
  if (p.constant > 0) parts.push_back(fmt::format("{:.4g}", p.constant));
  for (std::size_t i = 0; i < p.coefficient.size(); ++i)
    if (p.coefficient[i] > 0) parts.push_back(fmt::format("{:.4g} x {}", p.coefficient[i], kFeatureNames[i]));
  return parts.empty() ? "0" : fmt::format("{}", fmt::join(parts, " + "));
}

void put(const RegressionTree& t, std::size_t number, const std::string& indent, const std::string& lead,
         std::string& text) {
  const auto& n = t.nodes[number];
  if (n.is_leaf()) {
    text += fmt::format("{}{}cycles = {}   ({} shapes)\n", indent, lead, shown(n.piece), n.observations);
    return;
  }
  text += fmt::format("{}{}{}?\n", indent, lead, to_text(n.condition));
  put(t, n.yes, indent + "  ", "yes: ", text);
  put(t, n.no, indent + "  ", "no:  ", text);
}

}  // namespace

double LinearPiece::operator()(const Observation& o) const {
  double sum = constant;
  for (std::size_t i = 0; i < coefficient.size(); ++i) sum += coefficient[i] * o.features[i];
  return sum;
}

bool Condition::operator()(const Observation& o) const {
  return kind.empty() ? size_of(o, size) <= most : o.kind == kind;
}

std::string to_text(const Condition& c) {
  return c.kind.empty() ? fmt::format("{} <= {:.6g}", c.size, c.most) : fmt::format("layer is {}", c.kind);
}

LinearPiece fit_piece(const std::vector<Observation>& all, const Terms& allowed) {
  Sums sums;
  for (const auto& o : all) sums.add(o);
  return piece_of(fit_of(sums, allowed));
}

double RegressionTree::operator()(const Observation& o) const {
  std::size_t at = 0;
  while (!nodes.at(at).is_leaf()) at = nodes[at].condition(o) ? nodes[at].yes : nodes[at].no;
  return nodes[at].piece(o);
}

std::size_t RegressionTree::leaves() const {
  return static_cast<std::size_t>(std::ranges::count_if(nodes, &Node::is_leaf));
}

RegressionTree fit_tree(const std::vector<Observation>& all, const TreeOptions& options) {
  return Grower{options}.grow(all);
}

std::string to_text(const RegressionTree& t) {
  std::string text;
  put(t, 0, "", "", text);
  return text;
}

double left_out_error_of_tree(const std::vector<Observation>& all, const TreeOptions& options) {
  return left_out_error(all, [&](const auto& others) { return fit_tree(others, options); });
}

double left_out_error_of_piece(const std::vector<Observation>& all, const Terms& allowed) {
  return left_out_error(all, [&](const auto& others) { return fit_piece(others, allowed); });
}

}  // namespace eyrie
