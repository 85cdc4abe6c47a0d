#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "report/regression_parts.hpp"

namespace eyrie {

namespace {

constexpr std::string_view kFileKeys[] = {"schema", "experiments"};
constexpr std::string_view kRunKeys[] = {"name", "asked", "totals", "layers"};
constexpr std::string_view kHeadKeys[] = {"name", "op", "place"};

/// Keys of tables, and others before them.
template <class... Tables>
std::vector<std::string_view> keys_of(std::vector<std::string_view> before, const Tables&... tables) {
  const auto put = [&](const auto& table) {
    for (const auto& row : table) before.push_back(row.key);
  };
  (put(tables), ...);
  return before;
}

class Reader {
 public:
  Reader(const StoredJson& json, Diagnostics& wrong) : json_{json}, wrong_{wrong} {}

  Regression read() {
    Regression all;
    json_.only("", kFileKeys, wrong_);
    const auto n = json_.entries("experiments", wrong_);
    for (std::size_t i = 0; i < n; ++i) all.experiments.push_back(run(fmt::format("experiments.{}", i)));
    once(all.experiments, "experiments", "experiments");
    return all;
  }

 private:
  /// A text that is not empty.
  std::string word(const std::string& at) {
    const auto before = wrong_.all().size();
    auto text = json_.string(at, wrong_);
    if (text.empty() && wrong_.all().size() == before)
      wrong_.error(json_.place_of(at), fmt::format("{} is empty", at), "write what it is");
    return text;
  }

  /// No two of a list have the same name.
  template <class Named>
  void once(const std::vector<Named>& all, const std::string& at, std::string_view what) {
    std::set<std::string> met;
    for (std::size_t i = 0; i < all.size(); ++i)
      if (!all[i].name.empty() && !met.insert(all[i].name).second)
        wrong_.error(json_.place_of(fmt::format("{}.{}.name", at, i)),
                     fmt::format("two {} are called {}", what, all[i].name), "leave one of them out");
  }

  RecordedRun run(const std::string& at) {
    RecordedRun r;
    json_.only(at, kRunKeys, wrong_);
    r.name = word(at + ".name");
    r.asked = asked(at + ".asked");
    r.totals = totals(at + ".totals");
    const auto n = json_.entries(at + ".layers", wrong_);
    for (std::size_t i = 0; i < n; ++i) r.layers.push_back(layer(fmt::format("{}.layers.{}", at, i)));
    once(r.layers, at + ".layers", "layers");
    return r;
  }

  AskedRun asked(const std::string& at) {
    AskedRun a;
    const auto before = wrong_.all().size();
    json_.only(at, keys_of({}, kAskedTexts, kAskedNumbers, kAskedLists), wrong_);
    for (const auto& [key, member] : kAskedTexts)
      if (const auto here = fmt::format("{}.{}", at, key); json_.has(here)) a.*member = word(here);
    for (const auto& n : kAskedNumbers)
      if (const auto here = fmt::format("{}.{}", at, n.key); json_.has(here)) a.*n.member = between(here, n);
    for (const auto& [key, member] : kAskedLists) {
      const auto here = fmt::format("{}.{}", at, key);
      const auto n = json_.has(here) ? json_.entries(here, wrong_) : 0;
      for (std::size_t i = 0; i < n; ++i) (a.*member).push_back(word(fmt::format("{}.{}", here, i)));
    }
    if (a.experiment.empty() && (a.architecture.empty() || a.workload.empty()) && wrong_.all().size() == before)
      wrong_.error(json_.place_of(at), fmt::format("{} says nothing to run", at),
                   "give an experiment, or architecture and workload");
    return a;
  }

  std::int64_t between(const std::string& at, const AskedNumber& n) {
    const auto before = wrong_.all().size();
    const auto value = json_.whole(at, wrong_);
    if (wrong_.all().size() == before && (value < n.least || value > n.most))
      wrong_.error(json_.place_of(at), fmt::format("{} is {}", at, value),
                   fmt::format("it must be from {} to {}", n.least, n.most));
    return value;
  }

  RecordedTotals totals(const std::string& at) {
    RecordedTotals t;
    json_.only(at, keys_of({}, kTotalNumbers, kTotalEnergies), wrong_);
    for (const auto& [key, member] : kTotalNumbers) t.*member = json_.whole(fmt::format("{}.{}", at, key), wrong_);
    for (const auto& [key, member] : kTotalEnergies) t.*member = energy(fmt::format("{}.{}", at, key));
    return t;
  }

  double energy(const std::string& at) {
    const double pj = json_.number(at, wrong_);
    if (pj < 0 || !std::isfinite(pj))
      wrong_.error(json_.place_of(at), fmt::format("{} is {}", at, pj), "no energy is negative");
    return pj;
  }

  RecordedLayer layer(const std::string& at) {
    RecordedLayer l;
    l.name = word(at + ".name");
    l.op = word(at + ".op");
    const auto before = wrong_.all().size();
    l.place = place(at + ".place");
    if (wrong_.all().size() != before) return l;  // it decides what else there is
    if (!l.on_machine()) {
      json_.only(at, kHeadKeys, wrong_);
      return l;
    }
    json_.only(
        at, keys_of({"name", "op", "place", "ofmap", "mapping", "cycle_stack", "counts", "energy_pj"}, kLayerNumbers),
        wrong_);
    l.ofmap = word(at + ".ofmap");
    l.mapping = word(at + ".mapping");
    for (const auto& [key, member] : kLayerNumbers) l.*member = json_.whole(fmt::format("{}.{}", at, key), wrong_);
    const auto stack = at + ".cycle_stack";
    for (const auto& cause : json_.keys(stack, wrong_))
      l.stack.emplace_back(cause, json_.whole(fmt::format("{}.{}", stack, cause), wrong_));
    l.counts = rows<RecordedCount>(at + ".counts", 5, [this](const std::string& row, RecordedCount& r) {
      r.words = json_.whole(row + ".3", wrong_);
      r.bytes = json_.whole(row + ".4", wrong_);
    });
    l.energy = rows<RecordedEnergy>(at + ".energy_pj", 4,
                                    [this](const std::string& row, RecordedEnergy& r) { r.pj = energy(row + ".3"); });
    return l;
  }

  std::string place(const std::string& at) {
    const auto before = wrong_.all().size();
    auto said = json_.string(at, wrong_);
    std::vector<std::string_view> known;
    for (const auto& row : names<PlaceOf>::table) known.push_back(row.name);
    if (wrong_.all().size() == before && !std::ranges::count(known, said))
      wrong_.error(json_.place_of(at), fmt::format("{} is {}", at, said), did_you_mean(said, known));
    return said;
  }

  /// Rows that begin with component, tensor and action.
  template <class Row, class Numbers>
  std::vector<Row> rows(const std::string& at, std::size_t cells, const Numbers& numbers) {
    std::vector<Row> all;
    std::set<std::string> met;
    const auto n = json_.entries(at, wrong_);
    for (std::size_t i = 0; i < n; ++i) {
      const auto row = fmt::format("{}.{}", at, i);
      const auto before = wrong_.all().size();
      if (const auto found = json_.entries(row, wrong_); wrong_.all().size() == before && found != cells)
        wrong_.error(json_.place_of(row), fmt::format("{} has {} entries", row, found),
                     fmt::format("it must be [component, tensor, action, {}]", cells == 5 ? "words, bytes" : "pJ"));
      if (wrong_.all().size() != before) continue;
      Row r;
      r.component = word(row + ".0");
      r.tensor = word(row + ".1");
      r.action = word(row + ".2");
      numbers(row, r);
      if (!met.insert(fmt::format("{}\n{}\n{}", r.component, r.tensor, r.action)).second)
        wrong_.error(json_.place_of(row),
                     fmt::format("{} stands there twice: {} {} {}", at, r.component, r.tensor, r.action),
                     "leave one of the rows out");
      all.push_back(std::move(r));
    }
    return all;
  }

  const StoredJson& json_;
  Diagnostics& wrong_;
};

}  // namespace

Regression read_regression(const StoredJson& json, Diagnostics& wrong) { return Reader{json, wrong}.read(); }

}  // namespace eyrie
