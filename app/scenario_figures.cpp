// The numbers of scenario files by the paths under which they stand, and what reading single keys cannot find.

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "app/scenario_file.hpp"

namespace eyrie {

namespace {

using FigureList = std::vector<StatedFigure>;

void add(FigureList& all, FigureList more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

/// `has_idle_power`: the same chip's stands with the little network.
void add(FigureList& all, const ChipFile& c, const std::string& key, bool has_idle_power) {
  if (has_idle_power) all.push_back(stated(key + ".idle_power", c.idle_power, "mW"));
  for (const auto& [layer, h] : c.host_cost) {
    const auto path = key + ".host_cost." + layer;
    all.push_back({path + ".latency", h.latency.count(), "s", h.source, h.confidence, h.note});
    all.push_back({path + ".energy", h.energy.count(), "pJ", h.source, h.confidence, h.note});
  }
}

void add(FigureList& all, const CloudFile& c, const std::string& key) {
  if (c.throughput_gops) all.push_back(stated(key + ".throughput_gops", *c.throughput_gops, "GOP/s"));
  all.push_back(stated(key + ".service_time", c.service_time, "s"));
  if (c.energy_per_op) all.push_back(stated(key + ".energy_per_op", *c.energy_per_op, "pJ"));
  for (const auto& [layer, time] : c.layers) all.push_back(stated(key + ".layers." + layer, time, "s"));
}

template <class T>
void add(FigureList& all, const std::optional<Target<T>>& t, const char* key, const char* unit) {
  if (t) all.push_back({key, t->value.count(), unit, t->source, t->confidence, t->note});
}

void kind_of_file(const std::string& kind, const char* wanted, const YamlDocument& document, Diagnostics& wrong) {
  if (kind != wanted)
    wrong.error(document.place_of("kind"), fmt::format("kind is {}, and {} was wanted", kind, wanted),
                fmt::format("write `kind: {}`", wanted));
}

}  // namespace

std::vector<StatedFigure> figures_of(const OffloadFile& o) {
  FigureList all;
  add(all, o.device, "device", true);
  add(all, figures_of(o.link, "link"));
  add(all, o.cloud, "cloud");
  if (o.coding && o.coding->network_input) all.push_back(stated("coding.network_input", *o.coding->network_input, ""));
  if (o.coding && o.coding->between_layers)
    all.push_back(stated("coding.between_layers", *o.coding->between_layers, ""));
  add(all, o.deadline, "deadline", "s");
  return all;
}

std::vector<StatedFigure> figures_of(const BigLittleFile& b) {
  FigureList all;
  add(all, b.little, "little", true);
  if (b.escalated.from_classes) {
    all.push_back(stated("escalated.prioritised", b.escalated.prioritised, ""));
    all.push_back(stated("escalated.recognised", b.escalated.recognised, ""));
    all.push_back(stated("escalated.others_escalated", b.escalated.others_escalated, ""));
  } else {
    all.push_back(stated("escalated.share", b.escalated.share, ""));
  }
  for (const auto& big : b.big) {
    const auto key = "big." + big.name;
    if (big.where != BigPlace::Cloud) add(all, big.chip, key, big.where == BigPlace::SecondChip);
    if (big.where != BigPlace::SameChip) add(all, figures_of(big.link, key + ".link"));
    if (big.where == BigPlace::Cloud) add(all, big.cloud, key + ".cloud");
  }
  add(all, b.deadline, "deadline", "s");
  add(all, b.energy, "energy", "pJ");
  return all;
}

void check(const OffloadFile& o, const YamlDocument& document, Diagnostics& wrong) {
  kind_of_file(o.kind, "offload", document, wrong);
  check(o.link, "link", wrong);
}

void check(const BigLittleFile& b, const YamlDocument& document, Diagnostics& wrong) {
  kind_of_file(b.kind, "big_little", document, wrong);
  if (b.big.empty())
    wrong.error(document.place_of("big"), "big is empty", "give at least one way to run the big network");
  std::set<std::string> known;
  for (std::size_t i = 0; i < b.big.size(); ++i) {
    const auto& big = b.big[i];
    if (!known.insert(big.name).second)
      wrong.error(document.place_of(fmt::format("big.{}.name", i)),
                  fmt::format("there are two ways to run the big network called {}", big.name), "rename one of them");
    if (big.where != BigPlace::SameChip) check(big.link, fmt::format("big[{}].link", big.name), wrong);
  }
}

}  // namespace eyrie
