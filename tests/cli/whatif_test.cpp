// `eyrie whatif`, from the command line.

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/support/support.hpp"

using namespace eyrie;
using Json = nlohmann::json;

static const std::string kTiny = "whatif --arch eyeriss_v1 --workload tiny --jobs 2 --quiet ";

static const Json& change(const Json& list, const std::string& name) {
  for (const auto& c : list)
    if (c["name"] == name) return c;
  FAIL("there is no change " + name);
  return list;
}

static double cycles(const Json& figures) { return figures[0][3]; }

TEST_CASE("all changes of a machine are simulated, and what is kept is not computed twice", "[cli]") {
  const test::Folder folder;
  const auto first = test::cli(kTiny + "--format json --out " + folder.path());
  CAPTURE(first.err);
  REQUIRE(first.code == 0);
  const auto j = Json::parse(first.out);
  CHECK(j["schema"] == "eyrie.whatif/1");
  CHECK(j["measures"][3]["name"] == "cycles");
  CHECK(j["changes"].size() > 50);
  CHECK(j["failed"].size() == 1);
  CHECK(j["failed"][0]["reason"] == "width of 1 words/cycle has no half");
  CHECK(test::read_file(folder.path() + "/whatif.json") == first.out);

  // A change's figures are those of the command that repeats it.
  const auto& faster = change(j["changes"], "dram.bandwidth x 2");
  CHECK(faster["set"] == Json{"architecture.dram.bandwidth=16 B/cycle"});
  CHECK(faster["gain_percent"]["latency"] > 0);
  CHECK(faster["standing"] == "free");
  std::string again = j["baseline"]["commands"][0];
  REQUIRE(again.starts_with("eyrie run "));
  again = again.substr(6) + " --set '" + faster["set"][0].get<std::string>() + "' --quiet --format json";
  const auto run = test::cli(again);
  REQUIRE(run.code == 0);
  CHECK(Json::parse(run.out)["totals"]["cycles"].get<double>() == cycles(faster["figures"]));
  CHECK(faster["gain_percent"]["cycles"].get<double>() ==
        Approx(100 * (1 - cycles(faster["figures"]) / cycles(j["baseline"]["figures"]))));

  // A change of the mapping is told; a part that the table's areas do not follow is no free one.
  CHECK(change(j["changes"], "rows / 2")["layers_remapped"] > 0);
  CHECK(change(j["changes"], "rows / 2")["area"]["added_mm2"] < 0);
  CHECK(change(j["changes"], "ifmap_gin.width x 2")["area"]["knowledge"] == "not_priced");
  CHECK(change(j["changes"], "glb.capacity x 2")["area"]["added_mm2"].get<double>() == Approx(2.333).epsilon(1e-3));

  const auto second =
      test::cli("whatif --arch eyeriss_v1 --workload tiny --jobs 1 --format json --out " + folder.path());
  CHECK(second.code == 0);
  CHECK(second.out == first.out);
  CHECK_THAT(second.err, Catch::Contains("simulating: 55 points, 55 known") || !Catch::Contains("points/s"));
}

TEST_CASE("changes of a file alone, on several networks, in closed form", "[cli]") {
  const test::Folder folder;
  const auto file = folder.write("changes.yaml",
                                 "kind: changes\nreplace: true\nchanges:\n"
                                 "- {name: wide, title: a wider link, set: [architecture.dram.bandwidth=32 B/cycle]}\n"
                                 "- {name: none, set: [architecture.array.spads.psum_spad.depth=0 words]}\n"
                                 "- {name: cramped, set: [architecture.buffers.glb.capacity=4 KiB]}\n");
  const std::string asked = "whatif --arch eyeriss_v1 --workload tiny --workload lenet5 --fidelity closed --changes " +
                            file + " --quiet --jobs 2 --by latency ";
  const auto r = test::cli(asked + "--format json");
  CAPTURE(r.err);
  REQUIRE(r.code == 0);
  const auto j = Json::parse(r.out);
  REQUIRE(j["changes"].size() == 1);
  CHECK(j["changes"][0]["title"] == "a wider link");
  CHECK(j["changes"][0]["figures"].size() == 3);
  CHECK(j["fidelity"] == "closed");
  CHECK(j["ranked_by"] == "latency");
  CHECK(cycles(j["baseline"]["simulated"]) == Approx(cycles(j["baseline"]["figures"])).epsilon(0.3));
  REQUIRE(j["failed"].size() == 2);
  CHECK(j["failed"][0]["status"] == "illegal");
  CHECK_FALSE(j["failed"][0]["reason"].get<std::string>().empty());
  const auto table = test::cli(asked);
  CHECK_THAT(table.out, Catch::Contains("baseline, simulated: ") &&
                            Catch::Contains("figures of several networks are "
                                            "geometric means") &&
                            Catch::Contains("without figures (2):"));
  CHECK(test::cli("check " + file).code == 0);
  CHECK_THAT(test::cli("show changes schema").out, Catch::Contains("\"replace\""));
  CHECK_THAT(test::cli("show changes " + file).out, Catch::Contains("name: wide"));
}

TEST_CASE("a machine whose table has no areas is ranked by gain alone", "[cli]") {
  const test::Folder folder;
  const auto file = folder.write("c.yaml",
                                 "kind: changes\nreplace: true\nchanges:\n"
                                 "- {name: wide, set: [architecture.dram.bandwidth=64 B/cycle]}\n"
                                 "- {name: two, set: [experiment.batch=2, 'experiment.precision={weights: 8 b}']}\n");
  const auto r = test::cli("whatif --arch eyeriss_v1 --workload tiny --quiet --changes " + file +
                           " --set architecture.energy_table=isca2016_65nm");
  CAPTURE(r.err);
  REQUIRE(r.code == 0);
  CHECK_THAT(r.out, Catch::Contains("isca2016_65nm has no areas: changes are ranked by gain alone") &&
                        Catch::Contains("better: by gain alone") && Catch::Contains("unknown"));
  CHECK_THAT(r.out, Catch::Matches("[\\s\\S]*\n *[12]  eyrie run [^\n]* --batch 2 [^\n]*--precision [^\n]*[\\s\\S]*"));
}

TEST_CASE("what cannot be compared is an error", "[cli][bad_input]") {
  using Catch::Contains;
  const auto wrong = [](const std::string& arguments) {
    const auto r = test::cli("whatif --quiet " + arguments);
    CHECK(r.code == 2);
    CHECK(r.out.empty());
    return r.err;
  };
  CHECK_THAT(wrong("--arch eyeriss_v1"), Contains("--workload is required"));
  CHECK_THAT(wrong("--arch eyeris_v1 --workload tiny"), Contains("did you mean eyeriss_v1"));
  CHECK_THAT(wrong("--arch eyeriss_v1 --workload tinny"), Contains("did you mean tiny"));
  CHECK_THAT(wrong("--arch eyeriss_v1 --workload tiny --workload tiny"), Contains("tiny is given twice"));
  CHECK_THAT(wrong("--arch eyeriss_v1 --workload tiny --by area"), Contains("--by"));
  CHECK_THAT(wrong("--arch eyeriss_v1 --workload tiny --changes nowhere.yaml"), Contains("nowhere.yaml"));
  for (const char* key : {"architecture=diannao", "workload=lenet5", "batch=2", "seed=3", "objective=cycles"})
    CHECK_THAT(wrong(std::string("--arch eyeriss_v1 --workload tiny --set experiment.") + key),
               Contains("--set: error: experiment.") && Contains("is what an option says; write --"));
  const test::Folder folder;
  const auto other = folder.write("other.yaml",
                                  "kind: changes\nreplace: true\nchanges:\n"
                                  "- {name: other, set: [experiment.architecture=diannao]}\n");
  CHECK_THAT(wrong("--arch eyeriss_v1 --workload tiny --changes " + other),
             Contains("experiment.architecture is what an option says; write --arch"));
  CHECK_THAT(wrong("--arch eyeriss_v1 --workload tiny --set architecture.buffers.glb.partitions.fmap.banks=1"),
             Contains("tiny has no figures on the machine as it is"));
}
