#include "explore/study/store.hpp"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <cmath>
#include <csignal>
#include <filesystem>

#include "base/gzip.hpp"
#include "explore/study/database.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;
using test::errors_of;

namespace {

const std::string kOdd =
    "layer \"conv1\": it's `wrong`,\n\tno \\ mapping; \xC3\xA4\xE2\x82\xAC\xF0\x9F\xA6\x85 '); DROP TABLE points; --";

StoredPoint point(const std::string& digest, double energy = 1.5) {
  return {.digest = digest, .status = PointStatus::Done, .reason = {}, .figures = {energy, std::nullopt}, .result = {}};
}

std::vector<StoredPoint> odd_points() {
  return {{.digest = "aa",
           .figures = {0.1 + 0.2, std::nullopt, 1e-300, -0.0, 12345678901234567.0},
           .result = gzipped("a result")},
          {.digest = "bb", .status = PointStatus::NoMapping, .reason = kOdd, .figures = {}, .result = {}},
          {.digest = "cc",
           .status = PointStatus::Wrong,
           .reason = "x",
           .figures = {},
           .result = std::string("\0\1\0\xFF", 4)}};
}

const std::vector<StoredDesign> kDesigns{{1, {"6", "64 KiB"}, PointStatus::Done, ""},
                                         {2, {"12", kOdd}, PointStatus::Excluded, kOdd},
                                         {7, {}, PointStatus::Illegal, ""}};
const std::vector<PlannedPoint> kPlans{{1, "lenet5", PointFidelity::Closed, "aa"},
                                       {1, "lenet5", PointFidelity::Simulated, "cc"},
                                       {1, "tiny", PointFidelity::Closed, "bb"},
                                       {7, "it's", PointFidelity::Closed, "bb"}};

void require_all(const StudyStore& s) {
  CHECK(s.fact("name") == "little");
  CHECK(s.fact("text") == kOdd);
  CHECK(s.fact("nothing").empty());
  CHECK(s.designs() == kDesigns);
  CHECK(s.plans() == kPlans);
  auto all = odd_points();
  for (const auto& p : all) {
    CHECK(s.has(p.digest));
    CHECK(s.point(p.digest, true) == p);
  }
  for (auto& p : all) p.result.clear();
  CHECK(s.points() == all);
  CHECK(s.point("aa") == all[0]);
  CHECK(std::signbit(*s.point("aa")->figures[3]));
  CHECK_FALSE(s.has("dd"));
  CHECK_FALSE(s.point("dd").has_value());
}

/// A store of a study, with points.
std::string store_with(const test::Folder& folder, const std::string& name, const std::vector<StoredPoint>& points,
                       const std::string& text = "study", const std::string& overrides = "[]") {
  StudyStore s{folder.path() + "/" + name};
  s.set_facts({{"text", text}, {"overrides", overrides}});
  for (const auto& p : points) s.put(p);
  return s.file();
}

/// Runs it in another process, which is killed at its end; what it gives.
int in_process(const std::function<int()>& what) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const int code = what();
    if (code < 0) ::raise(SIGKILL);
    ::_exit(code);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE("a store gives back all that was put there, also when it is opened anew", "[unit][explore]") {
  const test::Folder folder;
  const auto file = folder.path() + "/study.sqlite";
  {
    StudyStore s{file};
    s.set_facts({{"name", "big"}});
    s.set_facts({{"name", "little"}, {"text", kOdd}});
    s.plan(kDesigns, kPlans);
    for (const auto& p : odd_points()) s.put(p);
    require_all(s);
    require_all(StudyStore::read_only(file));  // while it is written
  }
  require_all(StudyStore::read_only(file));
  StudyStore s{file};
  require_all(s);
  StudyStore moved{std::move(s)};
  require_all(moved);
}

TEST_CASE("designs, plans and points of the same key are replaced", "[unit][explore]") {
  const test::Folder folder;
  StudyStore s{folder.path() + "/s.sqlite"};
  s.plan(kDesigns, kPlans);
  s.plan({{2, {"24", "x"}, PointStatus::Done, ""}}, {{1, "lenet5", PointFidelity::Closed, "dd"}});
  CHECK(s.designs().size() == 3);
  CHECK(s.designs()[1].values == std::vector<std::string>{"24", "x"});
  CHECK(s.plans() ==
        std::vector<PlannedPoint>{{1, "lenet5", PointFidelity::Closed, "dd"}, kPlans[1], kPlans[3]});  // "tiny" is gone
  s.plan({{1, {"6", "x"}, PointStatus::Excluded, "too large"}}, {});
  CHECK(s.plans() == std::vector<PlannedPoint>{kPlans[3]});
  s.put(point("aa", 1));
  s.put(point("aa", 2));
  CHECK(s.points() == std::vector<StoredPoint>{point("aa", 2)});
  s.begin({{"text", "another"}});
  CHECK(s.fact("text") == "another");
  CHECK(s.plans().empty());
  CHECK(s.designs().empty());
  CHECK(s.has("aa"));
}

TEST_CASE("points of some kinds are forgotten, the others stay", "[unit][explore]") {
  const test::Folder folder;
  StudyStore s{folder.path() + "/s.sqlite"};
  for (const auto& p : odd_points()) s.put(p);
  s.put({.digest = "dd", .status = PointStatus::NoMapping, .reason = "r"});
  CHECK(s.forget({PointStatus::Crashed}) == 0);
  CHECK(s.forget({}) == 0);
  CHECK(s.forget({PointStatus::NoMapping, PointStatus::Crashed, PointStatus::Wrong}) == 3);
  REQUIRE(s.points().size() == 1);
  CHECK(s.points()[0].digest == "aa");
}

TEST_CASE("one process writes a store at a time, others read it", "[unit][explore]") {
  const test::Folder folder;
  const auto file = folder.path() + "/s.sqlite";
  const auto write = [&] {
    try {
      StudyStore s{file};
      return 1;
    } catch (const InputError& e) {
      return std::string(e.what()) == file +
                                          ": error: another process is filling this store; wait for it, or watch it " +
                                          "with `eyrie explore status`"
                 ? 2
                 : 3;
    }
  };
  {
    StudyStore s{file};
    s.put(point("aa"));
    CHECK(in_process(write) == 2);
    CHECK(in_process([&] { return StudyStore::read_only(file).has("aa") ? 1 : 2; }) == 1);
  }
  CHECK(in_process(write) == 1);
  CHECK(in_process([&] {
          StudyStore s{file};
          s.put(point("bb"));
          return -1;  // killed with the lock
        }) == -1);
  CHECK(StudyStore{file}.has("bb"));
}

TEST_CASE("a store whose maker is killed is not there, or whole for its readers", "[unit][explore]") {
  const test::Folder folder;
  const auto start = std::chrono::steady_clock::now();
  { const StudyStore s{folder.path() + "/undisturbed.sqlite"}; }
  const std::chrono::duration<double, std::micro> needed = std::chrono::steady_clock::now() - start;
  constexpr int kKills = 200;
  int there = 0, absent = 0;
  for (int i = 0; i < kKills; ++i) {
    const auto file = fmt::format("{}/{}.sqlite", folder.path(), i);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      StudyStore s{file};
      s.put(point("aa"));
      ::pause();
    }
    ::usleep(static_cast<useconds_t>(needed.count() * 2 * i / kKills));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    if (std::filesystem::exists(file)) {
      ++there;
      CHECK(StudyStore::read_only(file).points().size() <= 1);
    } else {
      ++absent;
    }
    StudyStore{file}.put(point("bb"));
    CHECK(StudyStore::read_only(file).has("bb"));
    CHECK_FALSE(std::filesystem::exists(file + ".new"));
  }
  CHECK(there > 0);
  CHECK(absent > 0);
}

TEST_CASE("a store that is made anew has nothing of one that was removed", "[unit][explore]") {
  const test::Folder folder;
  const auto file = folder.path() + "/s.sqlite";
  const auto killed = in_process([&] {
    StudyStore s{file};
    for (int i = 0; i < 100; ++i) s.put(point(std::to_string(i)));
    return ::raise(SIGKILL);
  });
  CHECK(killed == -1);
  REQUIRE(std::filesystem::exists(file + "-wal"));
  std::filesystem::remove(file);
  StudyStore s{file};
  CHECK(s.points().empty());
  s.put(point("aa"));
  CHECK(StudyStore::read_only(file).points().size() == 1);
  const Database db{file, Database::Mode::ReadOnly};
  Statement check{db, "PRAGMA integrity_check"};
  REQUIRE(check.step());
  CHECK(check.text_at(0) == "ok");
}

TEST_CASE("what is no store is an input error", "[unit][explore]") {
  const test::Folder folder;
  const auto text = folder.write("text.sqlite", std::string(5000, 'x')), empty = folder.write("empty.sqlite", "");
  const auto other = folder.path() + "/other.sqlite";
  Database{other, Database::Mode::Create}.run("CREATE TABLE facts(key TEXT, value TEXT)");
  const auto read = [](const std::string& file) { return errors_of([&] { (void)StudyStore::read_only(file); }); };
  CHECK_THAT(read(folder.path() + "/none.sqlite"), Catch::Contains("none.sqlite: error: the store cannot be opened"));
  CHECK_THAT(read(text),
             Catch::Contains("the store cannot be used: file is not a database; name the store of a study"));
  CHECK_THAT(read(folder.path()), Catch::Contains("the store cannot be"));
  for (const auto& file : {empty, other}) CHECK_THAT(read(file), Catch::Contains("this is no store of a study"));
  const auto write = [](const std::string& file) { return errors_of([&] { StudyStore s{file}; }); };
  CHECK_THAT(write(text), Catch::Contains("file is not a database"));
  CHECK(test::read_file(text) == std::string(5000, 'x'));
  CHECK_THAT(write(folder.path() + "/no/such/folder.sqlite"), Catch::Contains("the store cannot be locked"));
  CHECK_THAT(write(other), Catch::Contains("this is no store of a study"));
  const auto newer = store_with(folder, "newer.sqlite", {});
  StudyStore{newer}.set_facts({{"schema", "eyrie.store/2"}});
  CHECK_THAT(write(newer), Catch::Contains("the store is eyrie.store/2, and eyrie.store/1 is wanted"));
  CHECK_THAT(read(newer), Catch::Contains("this is no store of a study"));
  const auto strange = store_with(folder, "strange.sqlite", {point("aa")});
  Database{strange, Database::Mode::Create}.run("UPDATE points SET status = 'splendid'");
  CHECK_THAT(errors_of([&] { (void)StudyStore::read_only(strange).points(); }),
             Catch::Contains("the store has the word splendid, which means nothing here"));
}

TEST_CASE("a transaction that was cut leaves nothing", "[unit][explore]") {
  const test::Folder folder;
  const auto file = store_with(folder, "s.sqlite", {point("aa")});
  const std::string sql =
      "INSERT INTO points SELECT 'bb', status, reason, figures, result FROM points; DELETE FROM facts";
  {
    Database db{file, Database::Mode::Create};
    Transaction cut{db};
    db.run(sql);
  }
  const auto killed = in_process([&] {
    Database db{file, Database::Mode::Create};
    Transaction cut{db};
    db.run(sql);
    return -1;
  });
  CHECK(killed == -1);
  const auto s = StudyStore::read_only(file);
  CHECK(s.points() == std::vector<StoredPoint>{point("aa")});
  CHECK(s.fact("text") == "study");
  {
    Database db{file, Database::Mode::Create};
    Transaction whole{db};
    db.run(sql);
    whole.commit();
  }
  CHECK(s.points().size() == 2);
}

TEST_CASE("a merge is the union; what both have must be equal", "[unit][explore]") {
  const test::Folder folder;
  auto with_result = point("bb", 2);
  with_result.result = gzipped("result of bb");
  const auto one = store_with(folder, "1.sqlite", {point("aa"), with_result});
  const auto two =
      store_with(folder, "2.sqlite", {with_result, {.digest = "cc", .status = PointStatus::Illegal, .reason = kOdd}});
  StudyStore{one}.plan({kDesigns[0]}, {kPlans[0], kPlans[2]});
  StudyStore{two}.plan({kDesigns[1], kDesigns[2]}, {kPlans[1], kPlans[3]});
  StudyStore all{folder.path() + "/all.sqlite"};
  all.merge(two);
  CHECK(all.fact("text") == "study");
  all.merge(one);
  all.merge(one);  // nothing new
  CHECK(all.designs() == kDesigns);
  CHECK(all.plans() == kPlans);
  CHECK(all.points().size() == 3);
  CHECK(all.point("bb", true) == with_result);
  CHECK(all.point("cc")->reason == kOdd);
  CHECK(StudyStore::read_only(one).points().size() == 2);
}

TEST_CASE("a point whose design was said in other words is the same point", "[unit][explore]") {
  const test::Folder folder;
  auto in_other_words = point("mm", 1);
  in_other_words.result = gzipped("--set glb=110592 B");
  StudyStore s{store_with(folder, "ours.sqlite", {point("mm", 1)})};
  s.merge(store_with(folder, "theirs.sqlite", {in_other_words}));
  CHECK(s.point("mm", true) == point("mm", 1));  // the first one stays
}

TEST_CASE("a store in which no study was begun adds nothing to a merge", "[unit][explore]") {
  const test::Folder folder;
  const auto begun = store_with(folder, "begun.sqlite", {point("aa")}), none = folder.path() + "/none.sqlite";
  { const StudyStore s{none}; }
  StudyStore all{folder.path() + "/all.sqlite"};
  for (const auto& other : {none, begun, none}) all.merge(other);
  CHECK(all.fact("text") == "study");
  CHECK(all.points().size() == 1);
}

TEST_CASE("a merge of other results or of another study changes nothing", "[unit][explore]") {
  const test::Folder folder;
  const auto ours = store_with(folder, "ours.sqlite", {point("mm", 1)});
  const auto refused = [&](const std::string& other) {
    StudyStore s{ours};
    StudyStore{other}.plan({kDesigns[0]}, {kPlans[0]});
    const auto wrong = errors_of([&] { s.merge(other); });
    CHECK(s.points() == std::vector<StoredPoint>{point("mm", 1)});
    CHECK(s.designs().empty());
    CHECK(s.plans().empty());
    CHECK(s.fact("text") == "study");
    return wrong;
  };
  auto failed = point("mm", 1);
  failed.status = PointStatus::Wrong;
  CHECK_THAT(refused(store_with(folder, "1.sqlite", {point("aa"), point("mm", 1 + 1e-15), point("zz")})),
             Catch::Contains("1.sqlite: error: it has another result for point mm than "));
  CHECK_THAT(refused(store_with(folder, "2.sqlite", {point("aa"), failed})), Catch::Contains("another result"));
  CHECK_THAT(refused(store_with(folder, "4.sqlite", {point("aa")}, "other study")),
             Catch::Contains("it is of another study than "));
  CHECK_THAT(refused(store_with(folder, "5.sqlite", {point("aa")}, "study", "[\"a=1\"]")),
             Catch::Contains("it is of another study than "));
  CHECK_THAT(errors_of([&] { StudyStore{ours}.merge(folder.path() + "/none.sqlite"); }),
             Catch::Contains("cannot be opened"));
}
