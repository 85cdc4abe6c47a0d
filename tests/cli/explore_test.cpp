// `eyrie explore`, as a user meets it: stores that are damaged, foreign or elsewhere; what is interrupted, refused,
// retried.

#include <signal.h>

#include <fmt/format.h>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "explore/study/database.hpp"
#include "explore/study/store.hpp"
#include "tests/support/studies.hpp"

using namespace eyrie;
namespace fs = std::filesystem;

namespace {

/// `eyrie explore ...`, without progress.
test::CliResult explore(const std::string& arguments) { return test::cli("explore " + arguments + " --quiet"); }

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// A study of one design, with a network beside it.
std::string small_study(const test::Folder& folder, const std::string& more = "") {
  fs::create_directories(folder.path() + "/nets");
  folder.write("nets/net.yaml", test::read_file(test::source("configs/workloads/tiny.yaml")));
  return folder.write("small.yaml",
                      "kind: study\nname: small\narchitecture: eyeriss_v1\nworkloads: [nets/net.yaml]\n"
                      "parameters:\n- {name: rows, set: [architecture.array.rows], values: [6]}\n" +
                          more);
}

/// Exit code 2, and the error names all of these.
void check_refused(const std::string& arguments, const std::vector<std::string>& parts) {
  const auto result = test::cli("explore " + arguments);
  CAPTURE(arguments, result.err);
  CHECK(result.code == 2);
  for (const auto& p : parts) CHECK(has(result.err, p));
}

void change(const std::string& store, const std::string& sql) { Database{store, Database::Mode::Create}.run(sql); }

}  // namespace

TEST_CASE("a study goes on from its store alone, from any folder and without its file", "[cli][explore]") {
  const test::Folder folder;
  const auto study = small_study(folder);
  const auto out = folder.path() + "/out", store = out + "/study.sqlite";
  test::Process near{fmt::format("sh -c 'cd {} && exec {} explore small.yaml --out out'", folder.path(), EYRIE_BINARY)};
  REQUIRE(near.wait() == 0);
  const auto written = test::outputs(out);
  const auto dumped = test::dump(store);
  CHECK(has(written.at("study.json"), "\"nets/net.yaml\""));
  CHECK_FALSE(has(written.at("study.json"), folder.path()));

  CHECK(explore(study + " --out " + out).code == 0);  // the same study by another name
  CHECK(test::difference(test::dump(store), dumped) == "");
  fs::remove(study);
  CHECK(test::cli("explore status " + out).code == 0);
  change(store, "DELETE FROM points");
  const auto status = test::cli("explore status " + store);
  CHECK(status.code == 1);
  CHECK(has(status.out, "small: 1 of 1 designs; closed form: 0 of 1 points\nnot complete\n"));
  CHECK(explore("resume " + out).code == 0);
  CHECK(test::difference(test::dump(store), dumped) == "");
  CHECK(test::difference(test::outputs(out), written) == "");
}

TEST_CASE("a study that changes keeps the points that it still has", "[cli][explore]") {
  const test::Folder folder;
  const auto out = folder.path() + "/out";
  const auto first = test::write_study(folder, "6", "7", "first.yaml"),
             second = test::write_study(folder, "6, 12", "7", "second.yaml");
  test::watch_puts((fs::create_directories(out), out + "/study.sqlite"));
  REQUIRE(explore(first + " --out " + out).code == 0);
  REQUIRE(explore(second + " --out " + out).code == 0);
  REQUIRE(explore(second + " --out " + folder.path() + "/fresh").code == 0);
  CHECK(test::difference(test::outputs(out), test::outputs(folder.path() + "/fresh")) == "");
  for (const auto& [digest, times] : test::puts(out + "/study.sqlite")) CHECK(times == 1);
}

TEST_CASE("stores that cannot be merged are refused, and leave nothing", "[cli][explore]") {
  const test::Folder folder;
  const auto study = small_study(folder);
  const auto good = folder.path() + "/good", out = folder.path() + "/merged";
  REQUIRE(explore(study + " --out " + good).code == 0);
  const auto store = good + "/study.sqlite";
  const auto copy = [&](const char* name) {
    const auto file = folder.path() + "/" + name;
    fs::copy_file(store, file);
    return file;
  };
  change(store, "PRAGMA wal_checkpoint(TRUNCATE)");
  const auto empty = folder.write("empty.sqlite", ""), garbage = folder.write("garbage.sqlite", "no store at all"),
             cut = copy("cut.sqlite"), words = copy("words.sqlite"), other = copy("other.sqlite"),
             foreign = copy("foreign.sqlite");
  fs::resize_file(cut, fs::file_size(cut) / 3);
  change(words, "UPDATE points SET figures = 'what?'");
  change(other, "UPDATE points SET figures = '[1,2,3]'");
  change(foreign, "UPDATE facts SET value = 'kind: study' WHERE key = 'text'");
  for (const auto& [file, why] : {std::pair{empty, "this is no store of a study"},
                                  {garbage, "file is not a database"},
                                  {cut, "damaged"},
                                  {words, "damaged"}}) {
    check_refused("merge " + out + " " + file, {file, why});
    CHECK_FALSE(fs::exists(out));
  }
  check_refused("merge " + good + " " + other, {other, "it has another result for point", store});
  check_refused("merge " + good + " " + foreign, {foreign, "it is of another study", store});
  check_refused("merge " + out, {"there are no shards in it"});
  check_refused("merge " + out + " " + folder.path() + "/nowhere", {"there is no study"});
  CHECK(explore("merge " + good + " " + good).code == 0);
  CHECK(explore("merge " + out + " " + good).code == 0);
  CHECK(test::difference(test::dump(out + "/study.sqlite"), test::dump(store)) == "");
}

TEST_CASE("designs that are the same point in two words can be merged", "[cli][explore]") {
  const test::Folder folder;
  const auto study =
      small_study(folder, "- {name: glb, set: [architecture.buffers.glb.capacity], values: [108 KiB, 110592 B]}\n");
  const auto whole = folder.path() + "/whole", parts = folder.path() + "/parts";
  REQUIRE(explore(study + " --out " + whole).code == 0);
  for (const char* part : {"1/2", "2/2"}) REQUIRE(explore(study + " --out " + parts + " --shard " + part).code == 0);
  REQUIRE(explore("merge " + parts).code == 0);
  CHECK(test::points_in(parts + "/study.sqlite") == 1);
  CHECK(test::difference(test::outputs(parts), test::outputs(whole)) == "");
}

TEST_CASE("a point without memory is a result with a reason, and can be tried again", "[cli][explore]") {
  const test::Folder folder;
  const auto study = test::write_study(folder, "6", "7");
  const auto out = folder.path() + "/out", plenty = folder.path() + "/plenty", parts = folder.path() + "/parts";
  const auto store = out + "/study.sqlite";
  REQUIRE(explore(study + " --out " + plenty).code == 0);
  const auto little = explore(study + " --out " + out + " --jobs 1 --memory 1");
  CHECK(little.code == 1);  // no design came to figures
  CHECK(has(little.out, "2 out_of_memory"));
  const auto status = test::cli("explore status " + out);
  CHECK(status.code == 0);
  CHECK(has(status.out, "4 out_of_memory"));
  CHECK(has(test::dump(store), "MB may be taken"));
  CHECK(explore("resume " + out).code == 1);  // what failed stays as it is
  CHECK(has(test::dump(store), "|out_of_memory|"));
  fs::copy(out, parts);

  CHECK(explore("resume " + out + " --retry").code == 0);
  CHECK(test::difference(test::dump(store), test::dump(plenty + "/study.sqlite")) == "");
  CHECK(test::difference(test::outputs(out), test::outputs(plenty)) == "");
  CHECK(explore("merge " + parts + " " + plenty).code == 0);  // what another machine could do counts
  CHECK(explore("merge " + plenty + " " + folder.path() + "/parts").code == 0);
  CHECK(test::difference(test::outputs(parts), test::outputs(plenty)) == "");
}

TEST_CASE("an interrupted study says that it can go on, and does", "[cli][explore]") {
  const test::Folder folder;
  const auto study = test::write_study(folder, "6", "7");
  const auto out = folder.path() + "/out", calm = folder.path() + "/calm", store = out + "/study.sqlite";
  REQUIRE(explore(study + " --out " + calm).code == 0);
  {
    test::Process run{fmt::format("{} explore {} --out {} --jobs 1", EYRIE_BINARY, study, out)};
    REQUIRE(run.until([&] { return test::points_in(store) >= 3; }));
    ::kill(-run.pid(), SIGINT);  // as a terminal does: to all of them
    CHECK(run.wait() == 1);
    CHECK(has(run.output(), "interrupted; what is finished is kept in " + store + ", and the same command goes on"));
    CHECK(run.group_gone());
  }
  CHECK(test::points_in(store) < test::points_in(calm + "/study.sqlite"));
  CHECK(test::cli("explore status " + out).code == 1);
  CHECK(explore("resume " + out).code == 0);
  CHECK(test::difference(test::dump(store), test::dump(calm + "/study.sqlite")) == "");
}

TEST_CASE("two processes do not fill one store", "[cli][explore]") {
  const test::Folder folder;
  const auto study = small_study(folder);
  const auto out = folder.path() + "/out", store = out + "/study.sqlite";
  fs::create_directories(out);
  {
    const StudyStore ours{store};
    check_refused(study + " --out " + out, {store, "another process is filling this store", "explore status"});
    check_refused("status " + out, {store, "no study was begun in it"});
  }
  CHECK(explore(study + " --out " + out).code == 0);
}

TEST_CASE("what cannot be asked of explore ends with exit code 2", "[cli][explore][bad_input]") {
  const test::Folder folder;
  const auto study = small_study(folder);
  const auto file = folder.write("file", "");
  const auto out = " --out " + folder.path() + "/out";
  check_refused(study, {"--out is required"});
  check_refused(out, {"study is required"});
  check_refused(folder.path() + "/none.yaml" + out, {"none.yaml", "there is no such file"});
  check_refused("tiny_sizin" + out, {"there is no study called tiny_sizin", "tiny_sizing"});
  check_refused(study + " --out " + file, {"--out", "nothing can be written into"});
  check_refused(study + " --out " + file + "/below", {"--out", "nothing can be written into"});
  check_refused(study + " --out ''", {"--out: error: it is empty"});
  check_refused("resume " + file, {file, "it is no folder; name the folder of the study"});
  const auto nothing =
      folder.write("nothing.yaml", test::read_file(study) + "objectives: [energy, area]\nconstraints: [rows > 20]\n" +
                                       "strategy: {kind: nsga2, population: 8, generations: 2}\n");
  check_refused(nothing + " --out " + folder.path() + "/search",
                {"nothing.yaml", "no combination that was drawn keeps the constraints"});
  check_refused("status " + folder.path() + "/none", {"there is no study"});
  check_refused("resume " + folder.path() + "/none", {"there is no study"});
  check_refused("status " + folder.path(), {"there is no study"});
  const std::pair<const char*, std::vector<std::string>> options[] = {
      {"--shard 0/3", {"0/3 is no part of a study", "2/8"}},
      {"--shard 4/3", {"4/3 is no part"}},
      {"--shard 2", {"2 is no part"}},
      {"--shard 1/x", {"1/x is no part"}},
      {"--shard 1/2 --engine slurm --no-submit", {"--shard", "--shards"}},
      {"--stage late", {"--stage", "closed"}},
      {"--stage simulated", {"--stage", "--shard"}},
      {"--stage simulated --engine slurm --no-submit", {"--stage"}},
      {"--engine pbs", {"--engine", "slurm"}},
      {"--shards 3", {"--shards", "--engine slurm"}},
      {"--shards 0 --engine slurm --no-submit", {"--shards", "0"}},
      {"--no-submit", {"--no-submit", "--engine slurm"}},
      {"--sbatch=--time=1", {"--sbatch", "--engine slurm"}},
      {"--jobs 0", {"--jobs"}},
      {"--memory 0", {"--memory"}},
      {"--format xml", {"--format", "json"}},
      {"--set rows", {"--set", "rows is no path=value"}},
      {"--retry=maybe", {"--retry"}}};
  for (const auto& [option, parts] : options) check_refused(study + out + " " + option, parts);
  CHECK_FALSE(fs::exists(folder.path() + "/out"));
}

TEST_CASE("a study that is wrong changes nothing in the folder of one that was right", "[cli][explore]") {
  const test::Folder folder;
  const auto good = test::write_study(folder, "6", "7", "good.yaml");
  const auto out = folder.path() + "/out";
  REQUIRE(explore(good + " --out " + out).code == 0);
  const auto before = test::outputs(out);
  const auto dumped = test::dump(out + "/study.sqlite");
  const auto text = test::read_file(good);
  const auto none = folder.write("none.yaml", text + "constraints: [rows > 100]\n"),
             wrong = folder.write("wrong.yaml", text + "set: [architecture.array.colour=red]\n");
  check_refused(none + " --out " + out, {"no combination of the parameters keeps the constraints"});
  CHECK(test::difference(test::dump(out + "/study.sqlite"), dumped) == "");
  check_refused(wrong + " --out " + out, {"wrong.yaml", "no design is legal; 1: ", "colour"});
  CHECK(test::difference(test::outputs(out), before) == "");
  for (const auto* study : {"none.yaml", "wrong.yaml"}) {
    const auto fresh = folder.path() + "/fresh";
    check_refused(folder.path() + "/" + study + " --out " + fresh, {study});
    CHECK_FALSE(fs::exists(fresh + "/study.json"));
  }
  CHECK_FALSE(fs::exists(folder.path() + "/fresh/study.html"));
  CHECK(explore(good + " --out " + out).code == 0);
  CHECK(test::difference(test::outputs(out), before) == "");
}

TEST_CASE("a machine file that changes is another input, in every stage", "[cli][explore]") {
  const test::Folder folder;
  const auto machine = test::read_file(test::source("configs/architectures/eyeriss_v1.yaml"));
  auto slow = machine;
  slow.replace(slow.find("frequency: 200 MHz"), 18, "frequency: 100 MHz");
  folder.write("machine.yaml", machine);
  const auto study = folder.write("study.yaml",
                                  "kind: study\nname: s\narchitecture: machine.yaml\nworkloads: [tiny]\n"
                                  "parameters:\n- {name: rows, set: [architecture.array.rows], values: [6, 12]}\n"
                                  "simulate: {sample: 1}\n");
  const auto parts = folder.path() + "/parts", whole = folder.path() + "/whole", fresh = folder.path() + "/fresh";
  const auto shard = [&](const char* stage) {
    return explore(study + " --out " + parts + " --stage " + stage + " --shard 1/1");
  };
  REQUIRE(explore(study + " --out " + whole).code == 0);
  REQUIRE(shard("closed").code == 0);
  REQUIRE(explore("merge --stage closed " + parts).code == 0);
  REQUIRE(shard("simulated").code == 0);
  REQUIRE(explore("merge " + parts).code == 0);
  CHECK(test::difference(test::outputs(parts), test::outputs(whole)) == "");

  folder.write("machine.yaml", slow);
  REQUIRE(explore(study + " --out " + fresh).code == 0);
  CHECK_FALSE(test::outputs(fresh) == test::outputs(whole));
  const auto early = shard("simulated");  // of other machines than the closed form
  CHECK(early.code == 2);
  CHECK(has(early.err, "a file that it names has changed since its closed form was computed"));
  REQUIRE(shard("closed").code == 0);
  REQUIRE(explore("merge --stage closed " + parts).code == 0);
  CHECK(test::cli("explore status " + parts).code == 1);
  CHECK(explore("merge " + parts).code == 1);  // simulations are those of before
  REQUIRE(shard("simulated").code == 0);
  REQUIRE(explore("merge " + parts).code == 0);
  CHECK(test::difference(test::outputs(parts), test::outputs(fresh)) == "");
  REQUIRE(explore(study + " --out " + whole).code == 0);
  CHECK(test::difference(test::outputs(whole), test::outputs(fresh)) == "");
}

TEST_CASE("shards of a study that was edited are merged into the same folder", "[cli][explore]") {
  const test::Folder folder;
  const auto first = test::write_study(folder, "6", "7, 14", "first.yaml"),
             second = test::write_study(folder, "6, 12", "7", "second.yaml");
  const auto parts = folder.path() + "/parts", whole = folder.path() + "/whole";
  const auto shard = [&](const std::string& study, const char* stage) {
    return explore(study + " --out " + parts + " --stage " + stage + " --shard 1/1");
  };
  REQUIRE(shard(first, "closed").code == 0);
  REQUIRE(explore("merge --stage closed " + parts).code == 0);
  REQUIRE(shard(second, "closed").code == 0);
  const auto early = shard(second, "simulated");  // the folder's store is of the first
  CHECK(early.code == 2);
  CHECK(has(early.err, "it is of another study"));
  REQUIRE(explore("merge --stage closed " + parts).code == 0);
  REQUIRE(shard(second, "simulated").code == 0);
  REQUIRE(explore("merge " + parts).code == 0);
  REQUIRE(explore(second + " --out " + whole).code == 0);
  CHECK(test::difference(test::outputs(parts), test::outputs(whole)) == "");
}

TEST_CASE("shards of before are told from those of now", "[cli][explore]") {
  const test::Folder folder;
  const auto machine = test::read_file(test::source("configs/architectures/eyeriss_v1.yaml"));
  auto slow = machine;
  slow.replace(slow.find("frequency: 200 MHz"), 18, "frequency: 100 MHz");
  const std::string text =
      "kind: study\nname: s\narchitecture: machine.yaml\nworkloads: [tiny]\nparameters:\n"
      "- {name: rows, set: [architecture.array.rows], values: [6, 12]}\n";
  const auto study = folder.write("study.yaml", text);
  const auto out = folder.path() + "/out", shards = out + "/shards/";
  const auto run = [&](const char* shard) {
    REQUIRE(explore(study + " --out " + out + " --shard " + shard).code == 0);
  };
  folder.write("machine.yaml", machine);
  for (const char* shard : {"1/2", "2/2"}) run(shard);
  REQUIRE(explore("merge " + out).code == 0);
  run("1/1");  // the same points in another number of shards
  CHECK(explore("merge " + out).code == 0);
  const auto before = test::dump(out + "/study.sqlite");
  folder.write("machine.yaml", slow);
  run("1/1");
  check_refused("merge " + out, {shards + "closed-1-of-2.sqlite", "it has another point for a design than",
                                 shards + "closed-1-of-1.sqlite", "remove the one that is of before"});
  CHECK(test::difference(test::dump(out + "/study.sqlite"), before) == "");
  folder.write("study.yaml", text + "title: edited\n");
  run("1/1");
  check_refused("merge " + out, {"closed-1-of-2.sqlite", "it is of another study than", "closed-1-of-1.sqlite"});
  for (const char* old : {"closed-1-of-2.sqlite", "closed-2-of-2.sqlite"}) fs::remove(shards + old);
  CHECK(explore("merge " + out).code == 0);
}

TEST_CASE("a search that is merged by name is the search, whole", "[cli][explore]") {
  const test::Folder folder;
  const auto study = folder.write("study.yaml",
                                  "kind: study\nname: s\narchitecture: eyeriss_v1\nworkloads: [tiny]\nparameters:\n"
                                  "- {name: rows, set: [architecture.array.rows], range: {from: 6, to: 13, step: 1}}\n"
                                  "- {name: columns, set: [architecture.array.columns], values: [7, 14]}\n"
                                  "objectives: [energy, latency]\n"
                                  "strategy: {kind: nsga2, population: 8, generations: 1}\n");
  const auto done = folder.path() + "/done", out = folder.path() + "/out";
  REQUIRE(explore(study + " --out " + done).code == 0);
  fs::copy(done, out);
  change(out + "/study.sqlite",
         "DELETE FROM points; DELETE FROM plan; UPDATE facts SET value = '' WHERE key = 'searched';"
         "INSERT INTO designs VALUES(99, '[\"6\",\"7\"]', 'done', '')");
  CHECK(test::cli("explore status " + out).code == 1);
  CHECK(explore("merge " + out + " " + done).code == 0);
  CHECK(test::cli("explore status " + out).code == 0);
  CHECK(test::difference(test::outputs(out), test::outputs(done)) == "");
}

TEST_CASE("a folder has reports of its designs alone", "[cli][explore]") {
  const test::Folder folder;
  const auto out = folder.path() + "/out";
  REQUIRE(explore(test::write_study(folder, "6, 12", "7, 14", "first.yaml") + " --out " + out).code == 0);
  REQUIRE(explore(test::write_study(folder, "6", "7", "second.yaml") + " --out " + out).code == 0);
  REQUIRE(explore(folder.path() + "/second.yaml --out " + folder.path() + "/fresh").code == 0);
  CHECK(test::difference(test::outputs(out), test::outputs(folder.path() + "/fresh")) == "");
}

TEST_CASE("scripts for Slurm hold paths and names of any kind", "[cli][explore]") {
  const test::Folder folder;
  (void)small_study(folder);
  const auto study = folder.write("odd name.yaml", test::read_file(folder.path() + "/small.yaml") + "title: odd\n");
  auto text = test::read_file(study);
  text.replace(text.find("name: small"), 11, "name: \"a b/c\"");
  std::ofstream{study} << text;
  const auto out = folder.path() + "/50% of it";
  const auto made = test::cli("explore '" + study + "' --out '" + out +
                              "' --engine slurm --shards 3 --no-submit --retry --memory 100 --sbatch=--time=10");
  CAPTURE(made.err);
  REQUIRE(made.code == 0);
  const auto closed = test::read_file(out + "/slurm/1-closed.sh");
  for (const auto& line : {"#SBATCH --job-name=eyrie-a_b_c-closed\n", "#SBATCH --array=1-3\n", "#SBATCH --mem=100M\n",
                           "#SBATCH --time=10\n", "50%% of it/slurm/closed-%a.log\"\n", " --retry", " --memory 100"})
    CHECK(has(closed, line));
  CHECK_FALSE(fs::exists(out + "/slurm/3-simulate.sh"));  // the study simulates nothing
}
