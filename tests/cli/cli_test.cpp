#include <catch2/catch.hpp>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/support/support.hpp"

using namespace eyrie;
using nlohmann::json;

namespace {

json without_host(const std::string& path) {
  auto j = json::parse(test::read_file(path));
  j.erase("host");
  return j;
}

}  // namespace

TEST_CASE("run writes its files and prints the table", "[cli]") {
  const test::Folder folder;
  const auto result = test::cli("run --arch eyeriss_v1 --workload tiny --batch 3 --out " + folder.path() + "/out");
  CHECK(result.code == 0);
  CHECK_THAT(result.out, Catch::StartsWith("tiny on eyeriss_v1, batch 3, row_stationary, 200 MHz, 65 nm\n"));
  CHECK_THAT(result.out, Catch::Contains("on the host, cost not modelled: norm1 (lrn), prob (softmax)"));
  CHECK_THAT(result.out, Catch::Contains("0 of the ofmap words differ from the reference"));
  CHECK_THAT(result.err, Catch::Contains("conv1 done"));
  for (const char* file : {"result.json", "layers.csv", "area.csv", "baselines.csv", "report.html"})
    CHECK(std::filesystem::file_size(folder.path() + "/out/" + file) > 500);
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path() + "/out"), {}) == 5);

  const auto j = json::parse(test::read_file(folder.path() + "/out/result.json"));
  for (const auto& layer : j["layers"]) {
    if (layer["place"] == "host") continue;
    CHECK(layer["functional"]["checked"] == true);
    CHECK(layer["functional"]["mismatches"] == 0);
    std::int64_t stack = 0;
    for (const auto& [cause, n] : layer["cycle_stack"].items()) stack += n.get<std::int64_t>();
    CHECK(stack == layer["cycles"].get<std::int64_t>() * 168);
    for (const char* parts : {"by_component", "by_tensor"}) {
      double sum = 0;
      for (const auto& [name, energy] : layer["energy_pj"][parts].items()) sum += energy.get<double>();
      CHECK(sum == Approx(layer["energy_pj"]["total"].get<double>()).epsilon(1e-12));
    }
  }
}

TEST_CASE("the result does not depend on the number of processes, the day, or the stepping", "[cli]") {
  const test::Folder folder;
  const std::string run = "run --arch eyeriss_v1 --workload tiny --batch 2 --quiet --out " + folder.path();
  CHECK(test::cli(run + "/a --jobs 1").code == 0);
  CHECK(test::cli(run + "/b --jobs 2").code == 0);
  CHECK(test::cli(run + "/c --jobs 1").code == 0);
  CHECK(test::cli(run + "/d --jobs 2 --stepping cycle").code == 0);
  CHECK(test::cli(run + "/e --jobs 2 --seed 9").code == 0);
  const auto a = without_host(folder.path() + "/a/result.json");
  CHECK(a == without_host(folder.path() + "/b/result.json"));
  CHECK(a == without_host(folder.path() + "/c/result.json"));
  CHECK(a == without_host(folder.path() + "/d/result.json"));
  CHECK(a != without_host(folder.path() + "/e/result.json"));
  CHECK(test::read_file(folder.path() + "/a/layers.csv") == test::read_file(folder.path() + "/b/layers.csv"));
}

TEST_CASE("layers that are shared out give the same result on any number of processes", "[cli]") {
  const test::Folder folder;
  const std::string run =
      "run --arch eyeriss_v1 --workload alexnet --batch 4 --layers conv2,conv3,fc6 --quiet --out " + folder.path();
  std::vector<std::int64_t> timed;
  for (const int jobs : {1, 2, 5}) {
    const auto out = folder.path() + "/" + std::to_string(jobs);
    CHECK(test::cli(run + "/" + std::to_string(jobs) + " --jobs " + std::to_string(jobs)).code == 0);
    CHECK(without_host(out + "/result.json") == without_host(folder.path() + "/1/result.json"));
    timed.push_back(json::parse(test::read_file(out + "/result.json"))["host"]["advanced"]["passes"]["run_ahead"]);
  }
  CHECK(timed[0] < timed[1]);  // every share finds the times
  CHECK(timed[1] < timed[2]);
}

TEST_CASE("quiet is silent and formats go to stdout", "[cli]") {
  const auto j = test::cli("run --arch eyeriss_v1 --workload tiny --quiet --format json");
  CHECK(j.err.empty());
  CHECK(json::parse(j.out)["schema"] == "eyrie.result/1");
  const auto csv = test::cli("run --arch eyeriss_v1 --workload tiny --quiet --format csv --layers conv1,fc3");
  CHECK_THAT(csv.out, Catch::StartsWith("layer,op,place,macs,ops,cycles,"));
  CHECK(std::count(csv.out.begin(), csv.out.end(), '\n') == 5);  // head, two layers, two on the host
}

TEST_CASE("an experiment file says the same as options, and options win", "[cli]") {
  const test::Folder folder;
  const auto path =
      folder.write("e.yaml", "kind: experiment\narchitecture: eyeriss_v1\nworkload: tiny\nbatch: 2\nlayers: [conv1]\n");
  const auto by_file = test::cli("run " + path + " --quiet --format csv"),
             by_options =
                 test::cli("run --arch eyeriss_v1 --workload tiny --batch 2 --layers conv1 --quiet --format csv");
  CHECK(by_file.code == 0);
  CHECK(by_file.out == by_options.out);
  CHECK(test::cli("run " + path + " --quiet --format csv --batch 1").out != by_file.out);
  CHECK(test::cli("check " + path).code == 0);
}

TEST_CASE("a layer's mapping from a result runs again with simulate", "[cli]") {
  const test::Folder folder;
  REQUIRE(test::cli("run --arch eyeriss_v1 --workload tiny --quiet --out " + folder.path()).code == 0);
  const auto layer = json::parse(test::read_file(folder.path() + "/result.json"))["layers"][0];
  const auto path = folder.write("m.yaml", layer["mapping"].get<std::string>());
  const auto again = test::cli("simulate --arch eyeriss_v1 --layer tiny:conv1 --quiet --format json --mapping " + path);
  CHECK(again.code == 0);
  CHECK(json::parse(again.out)["layers"][0]["cycles"] == layer["cycles"]);
  CHECK(json::parse(again.out)["layers"][0]["counts"] == layer["counts"]);
}

TEST_CASE("overrides change the machine", "[cli]") {
  const auto slow =
      test::cli("run --arch eyeriss_v1 --workload tiny --quiet --format json --set architecture.array.rows=6");
  CHECK(slow.code == 0);
  CHECK(json::parse(slow.out)["architecture"]["pes"] == 84);
}

TEST_CASE("everything that ships is right and can be listed and shown", "[cli]") {
  CHECK_THAT(test::cli("list mappings").out, Catch::Contains("eyeriss_v1/alexnet\n"));
  for (const char* kind :
       {"architectures", "workloads", "technologies", "dataflows", "mappings", "experiments", "baselines"}) {
    std::istringstream names{test::cli(std::string("list --format names ") + kind).out};
    for (std::string name; std::getline(names, name);) {
      CAPTURE(kind, name);
      CHECK(test::cli("check " + test::source("configs/" + std::string(kind) + "/" + name + ".yaml")).code == 0);
      const auto shown = test::cli(std::string("show ") + kind + " " + name);
      CHECK(shown.code == 0);
      const test::Folder folder;
      if (shown.out.find("\nmodel:") != std::string::npos) continue;  // its parameters lie beside the file itself
      CHECK(test::cli("check " + folder.write("again.yaml", shown.out)).code == 0);  // what is shown reads back
    }
    CHECK(json::parse(test::cli(std::string("show ") + kind + " schema").out)["$schema"] ==
          "https://json-schema.org/draft/2020-12/schema");
  }
  CHECK(test::cli("--version").out == "eyrie 0.1.0\n");
  CHECK(test::cli("--help").code == 0);
}

TEST_CASE("inputs that ship are listed with their endings, and not shown", "[cli]") {
  CHECK(test::cli("list inputs").out ==
        "digits\ndigits/0.png\ndigits/1.png\ndigits/2.png\ndigits/3.png\ndigits/4.png\ndigits/5.png\ndigits/6.png\n"
        "digits/7.png\ndigits/8.png\ndigits/9.png\ndigits_256.npz\ndigits_train_64.npz\n");
  const auto shown = test::cli("show inputs digits/0.png");
  CHECK(shown.code == 2);
  CHECK(shown.err ==
        "error: inputs are images and arrays, which are not shown; `eyrie list inputs` names those that ship\n");
}

TEST_CASE("workloads are listed with their sizes", "[cli]") {
  const auto names = test::cli("list workloads --format names"), table = test::cli("list workloads");
  CHECK(names.code == 0);
  CHECK_THAT(names.out, Catch::Contains("alexnet\n") && Catch::EndsWith("\ntiny\nvgg16\n"));
  CHECK(std::ranges::count(table.out, '\n') == std::ranges::count(names.out, '\n') + 1);
  CHECK_THAT(table.out, Catch::StartsWith("name "));
  CHECK_THAT(table.out, Catch::Contains(" 724,406,816   60,965,224     14  AlexNet, two groups, 227 x 227\n"));
  CHECK(test::cli("list dataflows").out == test::cli("list dataflows --format names").out);
  const auto refused = test::cli("list dataflows --format markdown");
  CHECK(refused.code == 2);
  CHECK(refused.err == "--format: error: there is no markdown list of dataflows; it is for workloads; use names\n");
}

TEST_CASE("the page about workloads holds the list of those that ship", "[cli]") {
  const auto list = test::cli("list workloads --format markdown");
  CHECK(list.code == 0);
  CHECK_THAT(test::read_file(test::source("docs/workloads.md")), Catch::Contains(list.out));
}

TEST_CASE("an interrupted run writes nothing and says what was finished", "[cli]") {
  const test::Folder folder;
  const auto result = test::cli("run --arch eyeriss_v1 --workload alexnet --batch 4 --stepping cycle --jobs 1 --out " +
                                folder.path() + "/out & sleep 2; kill -INT $!; wait $!");
  CHECK(result.code == 1);
  CHECK(result.out.empty());
  CHECK_THAT(result.err, Catch::Contains("interrupted; nothing was written. Finished: "));
  CHECK_FALSE(std::filesystem::exists(folder.path() + "/out"));
}
