#include "workloads/precision_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "workloads/model.hpp"

namespace eyrie {

void apply(WordPrecision& p, const LayerWordPrecision& own) {
  p.weights = own.weights.value_or(p.weights);
  p.activations = own.activations.value_or(p.activations);
  p.per_channel = own.per_channel.value_or(p.per_channel);
  p.unsigned_range = own.unsigned_range.value_or(p.unsigned_range);
  p.range = own.range.value_or(p.range);
  p.percentile = own.percentile.value_or(p.percentile);
}

namespace {

constexpr std::int64_t kMostBits = 16;

/// Checks a plan against the names of a network.
class Checker {
 public:
  Checker(const PrecisionPlan& plan, const Network& network) : plan_{plan}, network_{network} {}

  void run() {
    bits(plan_.all.weights, plan_.where, "weights");
    bits(plan_.all.activations, plan_.where, "activations");
    percent(plan_.all.percentile, plan_.where);
    std::set<std::string> met;
    for (const auto& own : plan_.layers) {
      if (!met.insert(own.layer).second)
        wrong_.error(own.where, fmt::format("the precision of {} stands twice", own.layer), "state it once");
      if (own.weights) bits(*own.weights, own.where, "weights");
      if (own.activations) bits(*own.activations, own.where, "activations");
      if (own.percentile) percent(*own.percentile, own.where);
      name(own);
    }
    wrong_.raise_if_any();
  }

 private:
  void bits(Bits b, const Place& at, const char* what) {
    if (b.count() < 1 || b.count() > kMostBits)
      wrong_.error(at, fmt::format("{} of {} bits", what, b.count()), "words have 1 to 16 bits");
  }
  void percent(double p, const Place& at) {
    if (!(p > 0 && p <= 100)) wrong_.error(at, fmt::format("a percentile of {}", p), "it is above 0, at most 100");
  }

  static bool is_called(const Layer& l, const std::string& name) {
    return name == parameter_name(l) || name == l.part_of;
  }

  void name(const LayerWordPrecision& own) {
    const auto layers = network_.layers();
    const bool an_input =
        std::ranges::any_of(network_.inputs(), [&](const auto& in) { return !in.zeros && in.name == own.layer; });
    const auto any = [&](auto has) {
      return std::ranges::any_of(layers, [&](const Layer& l) { return is_called(l, own.layer) && has(l); });
    };
    if (!an_input && !any([](const Layer&) { return true; })) return unknown(own);
    if (own.weights && !any([](const Layer& l) { return l.has_filters(); }))
      wrong_.error(own.where, fmt::format("{} has no weights", own.layer), "leave their bits out");
    if (own.activations && !an_input && !any([](const Layer& l) { return !keeps_words(l); }))
      wrong_.error(own.where, fmt::format("{} leaves words as they are", own.layer),
                   "state the bits of the layer that it reads");
  }

  void unknown(const LayerWordPrecision& own) {
    std::set<std::string> all;
    for (const auto& in : network_.inputs())
      if (!in.zeros) all.insert(in.name);
    for (const auto& l : network_.layers()) {
      all.insert(parameter_name(l));
      if (!l.part_of.empty()) all.insert(l.part_of);
    }
    const std::vector<std::string_view> known{all.begin(), all.end()};
    wrong_.error(own.where, fmt::format("{} has no layer or input {}", network_.name(), own.layer),
                 did_you_mean(own.layer, known));
  }

  const PrecisionPlan& plan_;
  const Network& network_;
  Diagnostics wrong_;
};

}  // namespace

WordPrecision PrecisionPlan::of(const Layer& l) const {
  WordPrecision p = all;
  for (const auto& own : layers)
    if (!l.part_of.empty() && own.layer == l.part_of) apply(p, own);
  const auto name = parameter_name(l);
  for (const auto& own : layers)
    if (own.layer == name && own.layer != l.part_of) apply(p, own);
  return p;
}

WordPrecision PrecisionPlan::of_input(const std::string& name) const {
  WordPrecision p = all;
  for (const auto& own : layers)
    if (own.layer == name) apply(p, own);
  return p;
}

void describe_words(Fields& f, LayerWordPrecision& p) {
  f.optional("weights", p.weights, "bits of filters' words", Between(1, kMostBits));
  f.optional("activations", p.activations, "bits of the words that are made", Between(1, kMostBits));
  f.optional("per_channel", p.per_channel, "every filter has a scale of its own");
  f.optional("range", p.range, "where ranges come from");
  f.optional("percentile", p.percentile, "share of the numbers inside the range, in percent", Between(1, 100));
  f.optional("unsigned_range", p.unsigned_range, "words that are never negative use all their bits");
}

void describe(Fields& f, LayerWordPrecision& p) {
  f.about("the precision of one layer, network input or part of a cell");
  f.place(p.where);
  f.required("layer", p.layer, "its name");
  describe_words(f, p);
}

void describe(Fields& f, PrecisionPlan& p) {
  f.about("how many bits words get when a network is quantised");
  f.place(p.where);
  LayerWordPrecision all{.layer = {},
                         .weights = p.all.weights,
                         .activations = p.all.activations,
                         .per_channel = p.all.per_channel,
                         .unsigned_range = p.all.unsigned_range,
                         .range = p.all.range,
                         .percentile = p.all.percentile,
                         .where = {}};
  describe_words(f, all);
  apply(p.all, all);
  f.optional("layers", p.layers, "layers with a precision of their own");
}

void check(const PrecisionPlan& plan, const Network& network) { Checker{plan, network}.run(); }

bool keeps_words(const Layer& l) {
  using enum LayerType;
  return l.type == Reshape || l.type == MaxPool || l.type == ChannelShuffle || l.type == BatchNorm || l.type == Lstm ||
         l.type == Gru;
}

}  // namespace eyrie
