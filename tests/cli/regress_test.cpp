// `eyrie regress`, as a user meets it.

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/support/support.hpp"

using namespace eyrie;
using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

namespace {

const std::string kConv3 = "--arch eyeriss_v1 --workload alexnet --layers conv3 --mapping eyeriss_v1/alexnet ";

/// `eyrie regress FILE ...`, without progress.
test::CliResult regress(const std::string& file, const std::string& arguments = "") {
  return test::cli("regress " + file + " --quiet " + arguments);
}

/// A baseline made from options.
std::string recorded(const test::Folder& folder, const std::string& arguments, const std::string& name = "b.json") {
  const auto file = folder.path() + "/" + name;
  const auto made = regress(file, "--record " + arguments);
  CAPTURE(made.err);
  REQUIRE(made.code == 0);
  return file;
}

/// The first experiment of a baseline asks something else from now on.
void ask(const std::string& file, void (*change)(Json& asked)) {
  auto j = Json::parse(test::read_file(file));
  change(j["experiments"][0]["asked"]);
  std::ofstream{file} << j.dump(1);
}

Json conv3_of(const Json& run) {
  for (const auto& l : run["layers"])
    if (l["name"] == "conv3") return l;
  return {};
}

Json moves_of(const std::string& file, const std::string& arguments = "") {
  const auto result = regress(file, "--format json " + arguments);
  CAPTURE(result.err);
  REQUIRE(result.code < 2);
  return Json::parse(result.out);
}

}  // namespace

TEST_CASE("what did not move is equal, and updating it changes no byte", "[cli][regress]") {
  const test::Folder folder;
  const auto file = recorded(folder, "--arch shidiannao --workload tiny --batch 2");
  const auto text = test::read_file(file);
  const auto again = test::cli("regress " + file + " --jobs 2");
  CHECK(again.code == 0);
  CHECK_THAT(again.out, Catch::Matches(R"(1 experiment, 8 layers, \d+ figures: all equal\n)"));
  CHECK_THAT(again.err, Catch::Contains("experiment 1 of 1: tiny_on_shidiannao\n"));
  const auto updated = test::cli("regress " + file + " --update --jobs 1");
  CHECK(updated.code == 0);
  CHECK_THAT(updated.err, Catch::Contains("as it was: " + file));
  CHECK(test::read_file(file) == text);
  CHECK(test::read_file(recorded(folder, "--arch shidiannao --workload tiny --batch 2 --jobs 3", "c.json")) == text);
}

TEST_CASE("a baseline has what the run of the same options has", "[cli][regress]") {
  const test::Folder folder;
  const auto recorded_run = Json::parse(test::read_file(recorded(folder, kConv3)))["experiments"][0];
  const auto result = Json::parse(test::cli("run --quiet --format json " + kConv3).out);
  const auto layer = conv3_of(recorded_run), run = conv3_of(result);
  CHECK(layer["cycles"] == run["cycles"]);
  CHECK(layer["cycle_stack"] == run["cycle_stack"]);
  REQUIRE(layer["counts"].size() == run["counts"].size());
  for (std::size_t i = 0; i < layer["counts"].size(); ++i) {
    const auto& row = run["counts"][i];
    CHECK(layer["counts"][i] == Json{row["component"], row["tensor"], row["action"], row["words"], row["bytes"]});
  }
  REQUIRE(layer["energy_pj"].size() == run["energy_lines"].size());
  double sum = 0;
  for (const auto& line : layer["energy_pj"]) sum += line[3].get<double>();
  CHECK(sum == run["energy_pj"]["total"]);
  CHECK(recorded_run["totals"]["energy_pj"] == result["totals"]["energy_pj"]["total"]);
  CHECK(recorded_run["totals"]["energy_chip_pj"] == result["totals"]["energy_pj"]["on_chip"]);
  CHECK(layer["ofmap"].get<std::string>().size() == 16);
}

TEST_CASE("a changed price moves exactly the energies that it prices", "[cli][regress]") {
  const test::Folder folder;
  const auto file = recorded(folder, kConv3);
  ask(file, [](Json& asked) { asked["set"] = {"energy_table.prices.0.energy=506pJ"}; });  // DRAM reads, 460 pJ
  const auto j = moves_of(file);
  std::set<std::string> moved, priced{"total energy_pj"};
  for (const auto& m : j["moves"]) {
    moved.insert(m["layer"].get<std::string>() + " " + m["figure"].get<std::string>());
    CHECK(m["kind"] == "energy");
    if (m["layer"] == "conv3") CHECK(m["change_percent"].get<double>() == Approx(10));
  }
  const auto result = Json::parse(test::cli("run --quiet --format json " + kConv3).out);
  for (const auto& l : result["layers"])
    for (const auto& line : l.value("energy_lines", Json::array()))
      if (line["price"] == 0)
        priced.insert(l["name"].get<std::string>() + " energy_pj." + line["component"].get<std::string>() + "." +
                      line["tensor"].get<std::string>() + "." + line["action"].get<std::string>());
  CHECK(priced.size() >= 3);
  CHECK(moved == priced);
  CHECK(j["remapped"].empty());

  CHECK(regress(file).code == 1);
  CHECK(regress(file, "--tolerance energy=10").code == 0);
  CHECK(regress(file, "--tolerance energy=9.99").code == 1);
  CHECK(regress(file, "--tolerance 10,energy=0").code == 1);
  CHECK(regress(file, "--update").code == 0);
  CHECK(regress(file).code == 0);
}

TEST_CASE("a changed machine moves cycles, and a changed mapping is said", "[cli][regress]") {
  const test::Folder folder;
  const auto file = recorded(folder, "--arch eyeriss_v1 --workload tiny --layers conv1,conv2");
  const auto text = test::read_file(file);
  ask(file, [](Json& asked) { asked["set"] = {"architecture.array.rows=6", "architecture.dram.bandwidth=1 B/cycle"}; });
  const auto result = regress(file, "--markdown " + folder.path() + "/moves.md");
  CHECK(result.code == 1);
  CHECK_THAT(result.out,
             Catch::Contains("another mapping, which explains what moved in it") &&
                 Catch::Matches(R"([\s\S]*\n1 experiment, \d+ layers, \d+ figures: \d+ moved, \d+ beyond 0 %\n)"));
  const auto j = moves_of(file);
  CHECK(
      std::ranges::any_of(j["moves"], [](const Json& m) { return m["layer"] == "conv1" && m["figure"] == "cycles"; }));
  CHECK(j["remapped"][0]["layer"] == "conv1");
  CHECK_THAT(test::read_file(folder.path() + "/moves.md"),
             Catch::StartsWith("## Regression of b.json\n") && Catch::Contains("<details><summary>"));
  CHECK(regress(file, "--format markdown").out == test::read_file(folder.path() + "/moves.md"));
  CHECK_THAT(regress(file, "--format csv").out, Catch::StartsWith("experiment,layer,figure,kind,before,now,"));

  const auto updated = regress(file, "--update");
  CHECK(updated.code == 0);
  CHECK_THAT(updated.out, Catch::Contains(" moved, "));
  CHECK(test::read_file(file) != text);
  CHECK(regress(file).code == 0);
}

TEST_CASE("an experiment that fails now is a move, and is not recorded", "[cli][regress]") {
  const test::Folder folder;
  const auto file = recorded(folder, "--arch eyeriss_v1 --workload tiny --layers conv1");
  CHECK(regress(file, "--record --arch diannao --workload tiny --layers conv1").code == 0);
  ask(file, [](Json& asked) { asked["layers"] = {"conv9"}; });
  const auto text = test::read_file(file);
  const auto result = regress(file, "--tolerance 100");
  CHECK(result.code == 1);
  CHECK_THAT(result.out, Catch::Contains("fails now: --layers: error: ") && Catch::Contains("conv9") &&
                             Catch::Contains("2 experiments, ") && Catch::Contains(": 1 moved, 1 beyond 100 %\n"));
  const auto updated = regress(file, "--update");
  CHECK(updated.code == 1);
  CHECK_THAT(updated.err, Catch::Contains("tiny_on_eyeriss_v1: --layers: error: ") && Catch::Contains("not written: "));
  CHECK(test::read_file(file) == text);
  CHECK(regress(file, "--update --only tiny_on_diannao").code == 0);
}

TEST_CASE("an experiment of several machines is recorded once a machine, and files are found from the baseline",
          "[cli][regress]") {
  const test::Folder folder;
  fs::create_directories(folder.path() + "/nets");
  auto net = test::read_file(test::source("configs/workloads/tiny.yaml"));
  folder.write("nets/mine.yaml", net);
  folder.write("e.yaml",
               "kind: experiment\nname: two of them\narchitectures: [eyeriss_v1, tpu_like_16x16]\n"
               "workload: nets/mine.yaml\nlayers: [conv1]\n");
  const auto file = recorded(folder, folder.path() + "/e.yaml --batch 2", "base/b.json");
  const auto j = Json::parse(test::read_file(file));
  REQUIRE(j["experiments"].size() == 2);
  CHECK(j["experiments"][0]["name"] == "two_of_them_on_eyeriss_v1");
  CHECK(j["experiments"][1]["asked"] ==
        Json({{"experiment", "../e.yaml"}, {"architecture", "tpu_like_16x16"}, {"batch", 2}}));
  const auto added = regress(file, "--record --arch eyeriss_v1 --workload " + folder.path() +
                                       "/nets/mine.yaml --layers conv1 --precision 'weights: 8 b' --name narrow");
  CHECK(added.code == 0);
  CHECK_THAT(added.out, Catch::StartsWith("narrow: "));
  CHECK(Json::parse(test::read_file(file))["experiments"][2]["asked"]["workload"] == "../nets/mine.yaml");
  CHECK(regress(file).code == 0);

  // All of it elsewhere, and looked at from elsewhere.
  const test::Folder other;
  fs::copy(folder.path(), other.path(), fs::copy_options::recursive);
  fs::remove_all(folder.path() + "/nets");
  CHECK(regress(other.path() + "/base/b.json").code == 0);
  CHECK(test::cli("regress --quiet $(realpath --relative-to=. " + other.path() + "/base/b.json)").code == 0);
  CHECK_THAT(regress(file, "--only narrow").out, Catch::Contains("fails now: "));

  const auto twice = regress(other.path() + "/base/b.json", "--record " + other.path() + "/e.yaml");
  CHECK(twice.code == 2);
  CHECK_THAT(twice.err, Catch::Contains("has an experiment called two_of_them_on_eyeriss_v1 already; ") &&
                            Catch::Contains("two_of_them_on_tpu_like_16x16"));
  CHECK_THAT(regress(other.path() + "/base/b.json", "--record " + other.path() + "/e.yaml --name x").err,
             Catch::Contains("--name: error: 2 experiments would have the same name; "));
}

TEST_CASE("only what is named is run, and only that is updated", "[cli][regress]") {
  const test::Folder folder;
  const auto file = recorded(folder, "--arch eyeriss_v1 --workload tiny --layers conv1 --name one");
  CHECK(regress(file, "--record --arch diannao --workload tiny --layers conv1 --name two").code == 0);
  const auto text = test::read_file(file);
  CHECK(moves_of(file, "--only two")["experiments"].size() == 1);
  ask(file, [](Json& asked) { asked["seed"] = 2; });  // other words, hence another ofmap
  const auto changed = test::read_file(file);
  CHECK(regress(file, "--only two").code == 0);
  CHECK(regress(file, "--only one").code == 1);
  CHECK_THAT(regress(file, "--only one --tolerance 1000").out, Catch::Contains("its words were "));
  CHECK(regress(file, "--update --only one").code == 0);
  const auto before = Json::parse(text), after = Json::parse(test::read_file(file));
  CHECK(after["experiments"][0]["layers"] != before["experiments"][0]["layers"]);
  CHECK(after["experiments"][1] == before["experiments"][1]);
  const auto unknown = regress(file, "--only tow");
  CHECK(unknown.code == 2);
  CHECK(unknown.err == "--only: error: the baseline has no experiment tow; did you mean two?\n");
}

TEST_CASE("trained networks and recurrent ones have baselines too", "[cli][regress]") {
  const test::Folder folder;
  const auto file = recorded(folder, "--arch eyeriss_v1 --workload lenet5_mnist --input digits/7.png");
  CHECK(Json::parse(test::read_file(file))["experiments"][0]["asked"]["input"] == "digits/7.png");
  CHECK(regress(file).code == 0);
  ask(file, [](Json& asked) { asked["input"] = "digits/3.png"; });
  const auto j = moves_of(file);
  CHECK(std::ranges::any_of(j["moves"], [](const Json& m) { return m["figure"] == "ofmap"; }));
}

TEST_CASE("what is wrong with a baseline or its options is told, and nothing is run", "[cli][regress][bad_input]") {
  const test::Folder folder;
  const auto file = recorded(folder, "--arch eyeriss_v1 --workload tiny --layers conv1");
  const auto error = [](const test::CliResult& r) {
    CHECK(r.code == 2);
    CHECK(r.out.empty());
    return r.err;
  };
  CHECK_THAT(error(regress(folder.path() + "/none.json")), Catch::Contains("none.json: error: "));
  CHECK_THAT(error(regress(folder.write("x.json", "{\n \"schema\": \"eyrie.result/1\"\n}"))),
             Catch::Contains("x.json:2:12: error: the schema is eyrie.result/1, which is not read here; wanted is "
                             "eyrie.regression/1; let `eyrie regress --record` write it again"));
  const auto text = test::read_file(file);
  const auto twice =
      folder.write("twice.json", text.substr(0, text.size() - 2) + ",\n \"schema\": \"eyrie.regression/1\"\n}\n");
  CHECK_THAT(error(regress(twice)), Catch::Matches(R"(\S+twice\.json:\d+:\d+: error: [\s\S]*schema[\s\S]*)"));
  ask(file, [](Json& asked) {
    asked["objective"] = "enrgy";
    asked["space"] = "all";
    asked["host"] = "maybe";
    asked["precision"] = "weigths: 8 b";
    asked["set"] = {"architecture.array.rows"};
  });
  const auto all = error(regress(file));
  CHECK_THAT(all, Catch::Contains("asked.objective is enrgy; did you mean energy?") &&
                      Catch::Contains("asked.space is all; ") && Catch::Contains("asked.host is maybe; ") &&
                      Catch::Contains("asked.precision: ") && Catch::Contains("asked.set.0: "));
  std::istringstream lines{all};
  for (std::string line; std::getline(lines, line);)
    CHECK_THAT(line, Catch::Matches(R"(\S+b\.json:\d+:\d+: error: .*; .*)"));

  CHECK_THAT(error(regress(file, "--tolerance cycels=1")), Catch::Contains("did you mean cycles?"));
  CHECK_THAT(error(regress(file, "--arch diannao --batch 2")),
             Catch::Contains("--arch: error: the baseline says what is run; ") && Catch::Contains("--batch: error: "));
  CHECK_THAT(error(regress(folder.path() + "/n.json", "--record --update --arch diannao --workload tiny")),
             Catch::Contains("--update: error: recording compares nothing; "));
  CHECK_THAT(error(regress(folder.path() + "/n.json", "--record")), Catch::Contains("there is nothing to run; "));
  CHECK_THAT(error(regress(folder.path() + "/n.json", "--record kws_at_the_egde offload_kws")),
             Catch::Contains("kws_at_the_edge") && Catch::Contains("kind is offload"));
  CHECK_THAT(error(regress(folder.path() + "/n.json", "--record --arch diannao --workload tiny --name 'a,b'")),
             Catch::Contains("--name: error: \"a,b\" could not be given to --only; "));
  CHECK_THAT(error(test::cli("regress")), Catch::Contains("baseline"));
  CHECK_FALSE(fs::exists(folder.path() + "/n.json"));
}

TEST_CASE("an interrupted regression writes nothing", "[cli][regress]") {
  const test::Folder folder;
  const auto file = folder.path() + "/b.json";
  const std::string slow = "--arch eyeriss_v1_sparse --workload alexnet --batch 4 --jobs 1 ";
  const auto stopped = test::cli("regress " + file + " --record " + slow + "& sleep 2; kill -INT $!; wait $!");
  CHECK(stopped.code == 1);
  CHECK(stopped.out.empty());
  CHECK_THAT(stopped.err, Catch::Contains("interrupted; nothing was written"));
  CHECK(fs::is_empty(folder.path()));

  recorded(folder, "--arch eyeriss_v1 --workload alexnet --layers conv5");
  ask(file, [](Json& asked) {
    asked["architecture"] = "eyeriss_v1_sparse";
    asked["batch"] = 8;
    asked.erase("layers");
  });
  const auto text = test::read_file(file);
  const auto update = test::cli("regress " + file + " --jobs 1 --update --markdown " + folder.path() +
                                "/m.md & sleep 2; kill -INT $!; wait $!");
  CHECK(update.code == 1);
  CHECK(update.out.empty());
  CHECK(test::read_file(file) == text);
  CHECK_FALSE(fs::exists(folder.path() + "/m.md"));
}
