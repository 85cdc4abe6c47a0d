// Studies of random parameters: the same answers from any number of processes.

#include <catch2/catch.hpp>
#include <map>

#include "app/study/study_run.hpp"
#include "base/random.hpp"
#include "tests/support/seeds.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

const Catalogue& catalogue() {
  static const Catalogue all{EYRIE_BINARY};
  return all;
}

/// A parameter with two of its values, in any order.
std::string parameter(Random& random, const std::string& name, const std::string& path,
                      const std::vector<std::string>& values) {
  const auto first = random.between(0, std::ssize(values) - 1);
  auto second = random.between(0, std::ssize(values) - 2);
  if (second >= first) ++second;
  return "- {name: " + name + ", set: [" + path + "], values: [" + values[static_cast<std::size_t>(first)] + ", " +
         values[static_cast<std::size_t>(second)] + "]}\n";
}

/// Four designs of an Eyeriss, some of them impossible.
std::string random_study(Random& random) {
  std::vector<std::string> all{
      parameter(random, "rows", "architecture.array.rows", {"6", "8", "12", "0"}),
      parameter(random, "columns", "architecture.array.columns", {"4", "7", "14"}),
      parameter(random, "filter_spad", "architecture.array.spads.filter_spad.depth",
                {"56 words", "112 words", "1 words"}),
      parameter(random, "bandwidth", "architecture.dram.bandwidth", {"2 B/cycle", "8 B/cycle"}),
      parameter(random, "batch", "experiment.batch", {"1", "2"})};
  const auto one = random.between(0, 4), other = (one + random.between(1, 4)) % 5;
  const auto seed = std::to_string(random.between(0, 1000));
  std::string text = "kind: study\nname: random\narchitecture: eyeriss_v1\nworkloads: [tiny]\nseed: " + seed +
                     "\nsimulate: {sample: 1}\n";
  if (random.chance(0.5)) text += "constraints: [\"area < 20 mm2\", \"energy < 1 J\"]\n";
  if (random.chance(0.3)) text += "strategy: {kind: random, designs: 3}\n";
  return text + "parameters:\n" + all[static_cast<std::size_t>(one)] + all[static_cast<std::size_t>(other)];
}

/// All of a store.
struct Kept {
  std::vector<StoredDesign> designs;
  std::vector<PlannedPoint> plans;
  std::vector<StoredPoint> points;
  std::string json;
  bool operator==(const Kept&) const = default;
};

Kept run(const Study& study, unsigned jobs) {
  const test::Folder folder;
  StudyStore store{folder.path() + "/study.sqlite"};
  claim(store, study);
  const auto engine = local_engine(jobs, std::nullopt, catalogue());
  StudyProgress progress{true};
  StudyRun all{study, store, *engine, progress, [] { return false; }};
  REQUIRE(all.closed());
  REQUIRE(state_of(study, store).closed_complete());
  REQUIRE(all.simulated(to_simulate(study, store)));
  CHECK(state_of(study, store).complete());
  Kept kept{store.designs(), store.plans(), {}, to_json(result_of(study, store))};
  for (const auto& p : store.points()) kept.points.push_back(*store.point(p.digest, true));
  return kept;
}

}  // namespace

TEST_CASE("one process and two fill a store alike", "[property][explore]") {
  std::map<PointStatus, int> met;
  for (std::uint64_t seed = test::first_seed(); seed < test::first_seed() + 6; ++seed) {
    Random random{seed, "studies"};
    const auto text = random_study(random);
    CAPTURE(seed, text);
    auto study = read_study(YamlDocument::from_text(text, "study.yaml"), {}, catalogue());
    study.text = text;
    const auto one = run(study, 1), two = run(study, 2);
    CHECK(one.designs == two.designs);
    CHECK(one.plans == two.plans);
    CHECK(one.points == two.points);
    CHECK(one.json == two.json);
    CHECK(one.designs.size() >= 3);
    for (const auto& p : one.points) ++met[p.status];
  }
  CHECK(met[PointStatus::Done] > 0);
  CHECK(met[PointStatus::Wrong] + met[PointStatus::Crashed] + met[PointStatus::Deadlocked] == 0);
}

TEST_CASE("shards that are merged are the whole study", "[property][explore]") {
  for (std::uint64_t seed = test::first_seed(); seed < test::first_seed() + 2; ++seed) {
    Random random{seed, "shards"};
    const auto text = random_study(random);
    CAPTURE(seed, text);
    auto study = read_study(YamlDocument::from_text(text, "study.yaml"), {}, catalogue());
    study.text = text;
    const test::Folder folder;
    const auto engine = local_engine(1, std::nullopt, catalogue());
    StudyProgress progress{true};
    const auto closed = [&](const std::string& name, const Shard& shard) {
      StudyStore store{folder.path() + "/" + name};
      claim(store, study);
      REQUIRE(StudyRun{study, store, *engine, progress, [] { return false; }}.closed(shard));
      return store.file();
    };
    const StudyStore whole = StudyStore::read_only(closed("whole", {}));
    StudyStore merged{folder.path() + "/merged"};
    for (std::int64_t part = 3; part >= 1; --part)
      merged.merge(closed("part" + std::to_string(part), {.part = part, .of = 3}));
    CHECK(merged.designs() == whole.designs());
    CHECK(merged.plans() == whole.plans());
    CHECK(merged.points() == whole.points());
    CHECK(state_of(study, merged).closed_complete());
    CHECK(to_json(result_of(study, merged)) == to_json(result_of(study, whole)));
  }
}
