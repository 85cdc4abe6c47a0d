#pragma once

// What a layer takes, as a function of its sizes that people can read: a tree of conditions whose leaves are linear.
// After Yao et al., FastDeepIoT (SenSys 2018), who profile networks on phones so: execution time is no function of
// MACs, but piecewise linear in a layer's sizes once the conditions are found.

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace eyrie {

/// What leaves are linear in, beside a constant.
enum class Feature : std::size_t { Macs, InputWords, WeightWords, OutputWords };
inline constexpr std::array<std::string_view, 4> kFeatureNames{"MACs", "ifmap words", "filter words", "ofmap words"};

/// One observation.
struct Observation {
  std::string kind;                  ///< of layer
  double channels = 0;               ///< that a filter reads
  std::array<double, 4> features{};  ///< by Feature
  double cycles = 0;                 ///< above 0
  bool operator==(const Observation&) const = default;
};

/// cycles = constant + sum of coefficient x feature. None is below 0: no word and no MAC saves time.
struct LinearPiece {
  double constant = 0;
  std::array<double, 4> coefficient{};  ///< by Feature, cycles each
  [[nodiscard]] double operator()(const Observation&) const;
  bool operator==(const LinearPiece&) const = default;
};

/// Which of these terms a piece may have: the constant, then by Feature.
using Terms = std::array<bool, 5>;
inline constexpr Terms kAllTerms{true, true, true, true, true}, kMacsAlone{true, true, false, false, false};

/// The piece of least squared relative error, among those without negative coefficients. Of no observations: zero.
LinearPiece fit_piece(const std::vector<Observation>&, const Terms& = kAllTerms);

/// What a node asks: is the layer of this kind, or else is a size at most a threshold?
struct Condition {
  std::string kind;       ///< empty: of a size
  std::string_view size;  ///< channels, or a feature's name
  double most = 0;
  [[nodiscard]] bool operator()(const Observation&) const;
};
std::string to_text(const Condition&);

struct TreeOptions {
  std::size_t leaf = 8;   ///< observations that a leaf has at least: more than a piece has terms
  double gain = 0.1;      ///< share of the squared error that a condition has to take away
  std::size_t depth = 3;  ///< conditions one behind the other at most
};

/// Nodes in pre-order; the first is the root.
struct RegressionTree {
  struct Node {
    Condition condition;          ///< of an inner node
    std::size_t yes = 0, no = 0;  ///< numbers of nodes; 0 and 0: a leaf
    LinearPiece piece;            ///< of a leaf
    std::size_t observations = 0;
    [[nodiscard]] bool is_leaf() const { return yes == 0; }
  };
  std::vector<Node> nodes;
  [[nodiscard]] double operator()(const Observation&) const;
  [[nodiscard]] std::size_t leaves() const;
};

/// Grown from the root: at each node the condition that takes most of the squared relative error away. The same
/// observations in the same order give the same tree; of equal conditions the first counts: kinds by name, then sizes
/// from the smallest threshold.
RegressionTree fit_tree(const std::vector<Observation>&, const TreeOptions& = {});

/// A tree as text, a node a line, children further right.
std::string to_text(const RegressionTree&);

/// Mean of |predicted - cycles| / cycles when each observation is predicted by what the others make (leave one out).
double left_out_error_of_tree(const std::vector<Observation>&, const TreeOptions& = {});
double left_out_error_of_piece(const std::vector<Observation>&, const Terms&);

}  // namespace eyrie
