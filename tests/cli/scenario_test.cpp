// `eyrie run` of files of kind `offload` and `big_little`, as a user meets them.

#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/support/support.hpp"

using namespace eyrie;
using nlohmann::json;

namespace {

std::string shipped(const std::string& name) { return test::source("configs/experiments/" + name + ".yaml"); }

json run(const std::string& arguments) {
  const auto r = test::cli("run --quiet --jobs 1 --format json " + arguments);
  CAPTURE(r.err);
  REQUIRE(r.code == 0);
  return json::parse(r.out);
}

json option(const json& j, const std::string& name) {
  for (const auto& o : j["options"])
    if (o["name"] == name) return o;
  FAIL("there is no option " << name);
  return {};
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  if (at == std::string::npos) throw std::runtime_error("there is no " + from);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("a cloud 2 to 5 s away misses 500 ms and costs more than the network on the device", "[cli]") {
  const auto j = run(shipped("offload_alexnet"));
  CHECK(j["schema"] == "eyrie.scenario/1");
  CHECK(j["kind"] == "offload");
  CHECK(j["layers"].size() == 14);
  CHECK(j["not_modelled"].empty());
  const auto local = option(j, "local"), cloud = option(j, "cloud");
  CHECK(local["deadline"]["percentile_met"] == true);
  CHECK(cloud["deadline"]["percentile_met"] == false);
  CHECK(cloud["deadline"]["mean_met"] == false);
  CHECK(cloud["latency_ms"]["mean"].get<double>() > 2000);
  CHECK(cloud["device_energy_uj"]["total"].get<double>() > 100 * local["device_energy_uj"]["total"].get<double>());
  CHECK(option(j, j["best"])["sides"] == local["sides"]);
  bool from_memory = false;
  for (const auto& f : j["figures"]) {
    CHECK_FALSE(f["source"].get<std::string>().empty());
    from_memory = from_memory || (f["key"] == "device.idle_power" && f["confidence"] == "from-memory");
  }
  CHECK(from_memory);
}

TEST_CASE("what a scenario takes for a device is what `eyrie run` says of it", "[cli]") {
  const auto scenario = run(shipped("offload_kws"));
  const auto plain = run("--arch eyeriss_v1 --workload dscnn_kws");
  std::size_t compared = 0;
  for (std::size_t i = 0; i < plain["layers"].size(); ++i) {
    const auto &l = plain["layers"][i], &s = scenario["layers"][i];
    REQUIRE(l["name"] == s["name"]);
    if (l["place"] != "machine") continue;
    CHECK(s["basis"] == "simulated");
    CHECK(s["device_latency_ms"].get<double>() == Approx(l["latency_ms"].get<double>()).epsilon(1e-12));
    CHECK(s["device_energy_uj"].get<double>() == Approx(l["energy_pj"]["total"].get<double>() * 1e-6).epsilon(1e-12));
    ++compared;
  }
  CHECK(compared == 11);
  CHECK(scenario["layers"][11]["basis"] == "stated");
  // what crosses: 49 x 10 words of 16 bits up, 12 words down
  const auto cloud = option(scenario, "cloud");
  CHECK(cloud["sent_bits"] == 7840);
  CHECK(cloud["received_bits"] == 192);
  CHECK(cloud["messages"] == 2);
}

TEST_CASE("near a cloud AlexNet is cut before its fully connected layers", "[cli]") {
  const auto j = run(shipped("offload_alexnet_wlan"));
  const auto best = option(j, "best device_energy");
  CHECK(best["where"] == "device: conv1..pool5; cloud: fc6..prob");
  CHECK(best["sent_bits"] == 256 * 6 * 6 * 16);
  for (const char* other : {"local", "cloud"})
    CHECK(best["device_energy_uj"]["total"].get<double>() <
          option(j, other)["device_energy_uj"]["total"].get<double>());
  for (const auto& p : j["prefixes"])
    CHECK(p["device_energy_uj"]["total"].get<double>() >=
          best["device_energy_uj"]["total"].get<double>() * (1 - 1e-12));
  const auto& parts = best["device_energy_uj"];
  CHECK(parts["total"].get<double>() ==
        Approx(parts["compute"].get<double>() + parts["radio"].get<double>() + parts["waiting"].get<double>()));
  // a bit that costs ten times as much is not sent
  const auto dear = run(shipped("offload_alexnet_wlan") + " --set 'scenario.link.up.energy_per_bit.value=1 uJ'");
  CHECK(option(dear, "best device_energy")["where"] == "device: conv1..prob");
}

TEST_CASE("a little network with a big one: mixtures, stand-ins marked, targets", "[cli]") {
  const auto j = run(shipped("big_little_mnist"));
  CHECK(j["kind"] == "big_little");
  CHECK(j["share"].get<double>() == Approx(0.2 * 0.05 + 0.8 * 0.97));
  REQUIRE(j["workloads"].size() == 2);
  for (const auto& w : j["workloads"]) CHECK(w["provenance"] == "stand-in");
  REQUIRE(j["big"].size() == 3);
  for (const auto& b : j["big"]) {
    REQUIRE(b["sweep"].size() == 11);
    const auto &none = b["sweep"][0], &all = b["sweep"][10];
    CHECK(none["latency_ms"]["mean"].get<double>() == Approx(j["little"]["latency_ms"].get<double>()));
    const auto between = [&](const json& f, const char* a, const char* c) {
      const auto of = [&](const json& g) { return c ? g[a][c].get<double>() : g[a].get<double>(); };
      CHECK(of(f) == Approx(of(none) + f["share"].get<double>() * (of(all) - of(none))));
    };
    for (const auto& f : b["sweep"]) {
      between(f, "device_energy_uj", nullptr);
      between(f, "latency_ms", "mean");
    }
    const double largest = b["largest_share"]["energy"].get<double>();
    for (const auto& f : b["sweep"]) CHECK(f["energy_met"] == (f["share"].get<double>() <= largest));
  }
  CHECK(j["targets"]["met"] == false);
  const auto text = test::cli("run --quiet --jobs 1 " + shipped("big_little_mnist")).out;
  CHECK_THAT(text,
             Catch::Contains("stand-in: biglittle_mnist_little_standin\nstand-in: biglittle_mnist_big_standin\n"));
}

TEST_CASE("a scenario is written whole, the same each time, and no line of its table is too long", "[cli]") {
  const test::Folder folder;
  for (const char* name : {"offload_alexnet_wlan", "big_little_mnist"}) {
    const auto a = test::cli("run --jobs 1 --out " + folder.path() + "/a " + shipped(name));
    const auto b = test::cli("run --jobs 2 --out " + folder.path() + "/b " + shipped(name));
    CHECK(a.code == 0);
    CHECK_THAT(a.err, Catch::Contains("written: "));
    for (const char* file : {"/scenario.json", "/scenario.csv"})
      CHECK(test::read_file(folder.path() + "/a" + file) == test::read_file(folder.path() + "/b" + file));
    CHECK(a.out == b.out);
    std::istringstream lines{a.out};
    for (std::string line; std::getline(lines, line);) CHECK(line.size() <= 120);
    std::istringstream rows{test::read_file(folder.path() + "/a/scenario.csv")};
    std::string head, row;
    std::getline(rows, head);
    const auto commas = std::count(head.begin(), head.end(), ',');
    while (std::getline(rows, row)) CHECK(std::count(row.begin(), row.end(), ',') == commas);
  }
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path() + "/a"), {}) == 3);  // and report.html
}

TEST_CASE("the tables of docs/scenarios.md are what the program says", "[cli]") {
  const auto page = test::read_file(test::source("docs/scenarios.md"));
  std::size_t at = 0;
  for (const char* name : {"offload_alexnet_wlan", "big_little_mnist"}) {
    const auto from = page.find('\n', page.find("\n```", at) + 1) + 1, to = page.find("```", from);
    REQUIRE(to != std::string::npos);
    CHECK_THAT(test::cli("run --quiet --jobs 1 " + shipped(name)).out, Catch::Contains(page.substr(from, to - from)));
    at = to + 4;
  }
}

TEST_CASE("a missed deadline is a verdict, and a failure where the file says so", "[cli]") {
  const auto late = "run --quiet --jobs 1 " + shipped("offload_kws") + " --set 'scenario.deadline.value=1 ms'";
  const auto told = test::cli(late);
  CHECK(told.code == 0);
  CHECK_THAT(told.out, Catch::Contains("deadline 1 ms: 0.0 % of inputs within it there; at p99 missed"));
  const auto required = test::cli(late + " --set scenario.deadline.require=true");
  CHECK(required.code == 1);
  CHECK(required.err == "the required deadline of 1 ms is missed by best device_energy\n");
  CHECK(test::cli("run --quiet --jobs 1 " + shipped("offload_kws") + " --set scenario.deadline.require=true").code ==
        0);
  const auto pair =
      test::cli("run --quiet --jobs 1 " + shipped("big_little_mnist") + " --set scenario.energy.require=true");
  CHECK(pair.code == 1);
  CHECK(pair.err == "a required target is missed by every way to run the big network\n");
}

TEST_CASE("layers whose cost nothing states are errors, or free and named", "[cli]") {
  const test::Folder folder;
  auto text = test::read_file(shipped("offload_kws"));
  const auto from = text.find("  host_cost:"), to = text.find("link:");
  text.erase(from, to - from);
  const auto path = folder.write("s.yaml", text);
  const auto refused = test::cli("run " + path);
  CHECK(refused.code == 2);
  CHECK_THAT(refused.err, Catch::Contains("s.yaml:8:13: error: nothing states what these layers cost on the device's "
                                          "host: prob (softmax); give each a latency"));
  const auto j = run(path + " --set scenario.allow_unmodelled=true");
  CHECK(j["not_modelled"] == json::array({"prob (softmax) on the device"}));
  CHECK(j["layers"][11]["basis"] == "not_modelled");
  const auto table = test::cli("run --quiet --jobs 1 " + path + " --set scenario.allow_unmodelled=true").out;
  CHECK_THAT(table, Catch::Contains("cost not modelled, counted as free: prob (softmax) on the device\n"));
  const auto csv = test::cli("run --quiet --jobs 1 --format csv " + path + " --set scenario.allow_unmodelled=true").out;
  CHECK_THAT(csv, Catch::Contains(",not_modelled\r\n") && Catch::Contains(",prob (softmax) on the device\r\n"));
}

TEST_CASE("scenarios are shown in full, checked, and have schemas", "[cli]") {
  const test::Folder folder;
  for (const char* name : {"offload_alexnet", "offload_alexnet_wlan", "offload_kws", "big_little_mnist"}) {
    CHECK(test::cli("check " + shipped(name)).code == 0);
    const auto full = folder.write("full.yaml", test::cli(std::string("show experiments ") + name).out);
    CHECK(run(full) == run(shipped(name)));
  }
  const auto schema = json::parse(test::cli("show offload schema").out);
  CHECK(schema["properties"]["link"]["properties"]["round_trip"]["oneOf"].size() == 4);
  CHECK(json::parse(test::cli("show big_little schema").out)["properties"]["big"]["items"]["oneOf"].size() == 3);
}

TEST_CASE("what is wrong in a scenario is said all at once, with places", "[bad_input]") {
  const test::Folder folder;
  const auto says = [&](const std::string& name, const std::string& from, const std::string& to,
                        const std::vector<std::string>& all) {
    const auto path = folder.write("a.yaml", replaced(test::read_file(shipped(name)), from, to));
    for (const char* command : {"check ", "run "}) {
      const auto r = test::cli(command + path);
      CHECK(r.code == 2);
      CHECK(r.out.empty());
      for (const auto& one : all) CHECK_THAT(r.err, Catch::Contains(folder.path() + "/a.yaml:" + one));
    }
  };
  const std::string kws = "offload_kws", pair = "big_little_mnist";
  says(kws, "architecture: eyeriss_v1\n  workload: dscnn_kws", "architecture: eyeris\n  workload: dscn_kws",
       {"7:17: error: there is no architecture called eyeris; did you mean eyeriss_v1?",
        "8:13: error: there is no workload called dscn_kws; did you mean dscnn_kws?"});
  says(kws, "mbit_per_s: {value: 0.7, source: \"none\", confidence: assumed}", "mbit_per_s: {value: 0}",
       {"14:25: error: link.up.mbit_per_s.value is 0; it must be more than 0",
        "14:17: error: link.up.mbit_per_s misses the key source",
        "14:17: error: link.up.mbit_per_s misses the key conf"});
  says(kws, "p99: 300 ms", "p99: 30 ms", {"21:15: error: link.round_trip.p99 is not above its median"});
  says(kws, "    prob: {latency", "    fc: {latency",
       {"8:13: error: nothing states what these layers cost on the device's host: prob (softmax)",
        "11:5: error: fc (fully_connected) is not on the host, and host_cost has a cost for it"});
  says(kws, "    prob: {value", "    pro: {value", {"26:10: error: dscnn_kws has no layer pro; did you mean prob?"});
  says(kws, "  throughput_gops: {value: 10, source: \"none: a core of a server\", confidence: assumed}\n", "",
       {"23:3: error: nothing states what these layers take in the cloud: conv_1 (conv), dw_1 (conv)"});
  says(kws, "objective: device_energy", "objective: energy",
       {"27:12: error: objective is \"energy\"; known are device_energy"});
  says(pair, "name: second chip", "name: cloud",
       {"36:9: error: there are two ways to run the big network called cloud"});
  says(pair, "  where: same_chip\n", "  where: same_chip\n  architecture: diannao\n",
       {"53:3: error: big[same chip] has no key architecture"});
  says(pair, "value: 0.95", "value: 1.5", {"16:23: error: escalated.recognised.value is 1.5; it must be at most 1"});
  const auto other = test::cli("run " + folder.write("k.yaml", "kind: ofload\n"));
  CHECK(other.code == 2);
  CHECK_THAT(other.err,
             Catch::Contains("k.yaml:1:7: error: kind is ofload, which is nothing to run; did you mean offload?"));
  const auto options = test::cli("run --arch eyeriss_v1 --batch 2 --trace t.json " + shipped(kws));
  CHECK(options.code == 2);
  for (const char* o : {"--arch", "--batch", "--trace"})
    CHECK_THAT(options.err, Catch::Contains(std::string(o) + ": error: a scenario has no such option"));
  const auto set = test::cli("run " + shipped(pair) + " --set architecture.array.rows=6");
  CHECK(set.code == 2);
  CHECK_THAT(set.err, Catch::Contains("--set: error: architecture.array.rows=6 names no key of the scenario"));
}
