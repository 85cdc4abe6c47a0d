// What a store says of its study, and which designs it wants simulated.

#include <algorithm>
#include <catch2/catch.hpp>

#include "app/study/study_run.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

using Numbers = std::vector<std::int64_t>;

/// Four designs on two networks.
Study study(const std::string& more = {}) {
  static const Catalogue catalogue{EYRIE_BINARY};
  return read_study(
      YamlDocument::from_text("kind: study\nname: s\narchitecture: eyeriss_v1\nworkloads: [tiny, lenet5]\n"
                              "parameters: [{name: rows, set: [architecture.array.rows], values: [6, 8, "
                              "10, 12]}]\nobjectives: [energy, latency]\n" +
                                  more,
                              "study.yaml"),
      {}, catalogue);
}

/// By measure: energy, latency and area as given, all else 1.
MeasureValues figures(double energy, double latency, std::optional<double> area = 2) {
  MeasureValues all(measures().size(), 1.0);
  for (std::size_t m = 0; m < all.size(); ++m) {
    if (measures()[m].name == "energy") all[m] = energy;
    if (measures()[m].name == "latency") all[m] = latency;
    if (measures()[m].name == "area") all[m] = area;
  }
  return all;
}

struct Point {
  std::string workload;
  PointFidelity fidelity;
  StoredPoint stored;
};
using Points = std::vector<std::pair<std::int64_t, Point>>;

Point done(const std::string& workload, const MeasureValues& f, PointFidelity fidelity = PointFidelity::Closed) {
  return {workload, fidelity, {.digest = {}, .status = PointStatus::Done, .reason = {}, .figures = f, .result = {}}};
}

/// A store of the four designs with these points.
class Filled {
 public:
  explicit Filled(Points points) : store_{folder_.path() + "/study.sqlite"} {
    std::vector<StoredDesign> designs;
    for (std::int64_t n = 1; n <= 4; ++n) designs.push_back({n, {std::to_string(4 + 2 * n)}, PointStatus::Done, ""});
    std::vector<PlannedPoint> plans;
    for (auto& [number, p] : points) {
      p.stored.digest = std::to_string(number) + p.workload + "-" + std::string(name_of(p.fidelity));
      plans.push_back({number, p.workload, p.fidelity, p.stored.digest});
      store_.put(p.stored);
    }
    store_.plan(designs, plans);
  }
  StudyStore& operator*() { return store_; }

 private:
  test::Folder folder_;
  StudyStore store_;
};

/// All four in closed form; 1 is the front, 2 and 3 would be with two per cent less.
Points four() {
  return {{1, done("tiny", figures(1, 4))},   {1, done("lenet5", figures(1, 4))}, {2, done("tiny", figures(2, 2))},
          {2, done("lenet5", figures(8, 8))}, {3, done("tiny", figures(4.1, 4))}, {3, done("lenet5", figures(4.1, 4))},
          {4, done("tiny", figures(9, 9))},   {4, done("lenet5", figures(9, 9))}};
}

Numbers to_be_simulated(const Study& s, StudyStore& store) {
  Numbers all;
  for (const auto& d : to_simulate(s, store).designs) all.push_back(d.number);
  return all;
}

}  // namespace

TEST_CASE("a design's figures are the mean of its networks'", "[unit][app]") {
  Filled store{four()};
  const auto s = study();
  const auto r = result_of(s, *store);
  REQUIRE(r.designs.size() == 4);
  CHECK(*r.designs[1].closed->all[0] == Approx(4));  // of 2 and 8
  CHECK(r.designs[1].closed->network[1] == figures(8, 8));
  CHECK(r.front == Numbers{1});
  CHECK_FALSE(r.designs[0].simulated.has_value());
  CHECK(state_of(s, *store).closed == 8);
  CHECK(state_of(s, *store).closed_complete());
}

TEST_CASE("a design fails with the first of its points that did, and is not ranked", "[unit][app]") {
  auto points = four();
  points[1].second.stored = {.digest = {}, .status = PointStatus::NoMapping, .reason = "conv1 has none"};
  points.erase(points.begin() + 7);  // not there yet
  Filled store{points};
  const auto r = result_of(study(), *store);
  CHECK(r.designs[0].status == PointStatus::NoMapping);
  CHECK(r.designs[0].reason == "lenet5: conv1 has none");
  CHECK_FALSE(r.designs[0].closed->all[0].has_value());
  CHECK(r.designs[0].closed->network[0] == figures(1, 4));
  CHECK(r.front == Numbers{2});
  CHECK(r.designs[3].status == PointStatus::Done);
  CHECK_FALSE(r.designs[3].front);
  CHECK_FALSE(state_of(study(), *store).closed_complete());
}

TEST_CASE("constraints on figures exclude designs, and what they need must be known", "[unit][app]") {
  auto points = four();
  points[2].second.stored.figures = figures(2, 2, std::nullopt);
  points[6].second.stored.figures = points[7].second.stored.figures = figures(9, 9, 5);
  Filled store{points};
  const auto r = result_of(study("constraints: [area < 4 mm2]\n"), *store);
  CHECK(r.designs[0].status == PointStatus::Done);
  CHECK(r.designs[1].status == PointStatus::Illegal);
  CHECK_THAT(r.designs[1].reason, Catch::StartsWith("\"area < 4 mm2\" cannot be judged"));
  CHECK(r.designs[3].status == PointStatus::Excluded);
  CHECK(r.designs[3].reason == "area is 5 mm2, and area < 4 mm2 is wanted");
  CHECK(result_of(study(), *store).designs[1].status == PointStatus::Done);
}

TEST_CASE("the front, what is near it, and a sample of the others are simulated", "[unit][app]") {
  Filled store{four()};
  CHECK(to_be_simulated(study(), *store).empty());
  CHECK(to_be_simulated(study("simulate: {sample: 0}\n"), *store) == Numbers{1});
  CHECK(to_be_simulated(study("simulate: {sample: 0, within: 2}\n"), *store) == Numbers{1, 2, 3});
  CHECK(to_be_simulated(study("simulate: {front: false, sample: 0}\n"), *store).empty());
  CHECK(to_be_simulated(study("simulate: {sample: 16}\n"), *store) == Numbers{1, 2, 3, 4});
  const auto some = to_be_simulated(study("simulate: {sample: 1}\n"), *store);
  CHECK(some.size() == 2);
  CHECK(to_be_simulated(study("simulate: {sample: 1}\n"), *store) == some);
  const auto r = result_of(study("simulate: {sample: 1}\n"), *store);
  for (const auto& d : r.designs) CHECK(d.sampled == (d.number == some.back()));
}

TEST_CASE("simulations count for designs that are wanted, and of the input that the closed form is of", "[unit][app]") {
  auto points = four();
  for (const char* network : {"tiny", "lenet5"})
    for (const std::int64_t design : {1, 4})
      points.emplace_back(design, done(network, figures(5, 5), PointFidelity::Simulated));
  Filled store{points};
  const auto s = study("simulate: {sample: 0}\n");
  const auto r = result_of(s, *store);
  CHECK(r.designs[0].simulated.has_value());
  CHECK_FALSE(r.designs[3].simulated.has_value());  // it was of the sample of another study
  CHECK(state_of(s, *store).simulated == 2);
  CHECK(state_of(s, *store).complete());
  (*store).plan({}, {{1, "tiny", PointFidelity::Simulated, "other-simulated"},
                     {1, "lenet5", PointFidelity::Simulated, "1lenet5-simulated"}});
  (*store).put({.digest = "other-simulated", .status = PointStatus::Done, .reason = {}, .figures = figures(5, 5)});
  CHECK(state_of(s, *store).simulated == 1);
  CHECK_FALSE(state_of(s, *store).complete());
  CHECK(to_simulate(s, *store).inputs.at({1, "tiny"}) == "1tiny");
}

TEST_CASE("where simulations keep no constraint the front is empty, and not the closed form's", "[unit][app]") {
  auto points = four();
  for (const char* network : {"tiny", "lenet5"})
    points.emplace_back(1, done(network, figures(9, 9), PointFidelity::Simulated));
  Filled store{points};
  const auto r = result_of(study("constraints: [energy < 5 uJ]\nsimulate: {sample: 0}\n"), *store);
  CHECK(r.simulated);
  CHECK(r.designs[0].status == PointStatus::Excluded);
  CHECK(r.front.empty());
}

TEST_CASE("where all simulations fail the front is empty too", "[unit][app]") {
  auto points = four();
  for (const char* network : {"tiny", "lenet5"}) {
    points.emplace_back(1, done(network, {}, PointFidelity::Simulated));
    points.back().second.stored.status = PointStatus::OutOfMemory;
  }
  Filled store{points};
  const auto r = result_of(study("simulate: {sample: 0}\n"), *store);
  CHECK(r.simulated);
  CHECK(r.designs[0].status == PointStatus::OutOfMemory);
  CHECK(r.front.empty());
  CHECK(state_of(study("simulate: {sample: 0}\n"), *store).complete());
}

TEST_CASE("which designs are simulated does not change with what simulations find", "[unit][app]") {
  auto points = four();
  Filled before{points};
  for (const char* network : {"tiny", "lenet5"})
    points.emplace_back(1, done(network, figures(90, 90), PointFidelity::Simulated));
  Filled after{points};
  const auto s = study("simulate: {sample: 1, within: 2}\n");
  CHECK(to_be_simulated(s, *before) == to_be_simulated(s, *after));
  const auto r = result_of(s, *after);
  CHECK(r.simulated);
  CHECK(r.front == Numbers{1});
  CHECK(state_of(s, *after).simulated == 2);
  CHECK(state_of(s, *after).all_simulated == 8);
  CHECK_FALSE(state_of(s, *after).complete());
}
