#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "report/render.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

LayerOutcome outcome(const std::string& name) {
  LayerOutcome o;
  o.layer = name;
  o.mapping = "kind: mappings\n";
  o.mapping_origin = "mapper: best energy";
  o.dataflow = "row_stationary";
  o.loops = {{.level = "dram", .dim = Dim::P, .axis = {}, .trips = 2, .extent = 4, .step = 3},
             {.level = "dram + glb", .dim = Dim::R, .axis = Axis::Y, .trips = 3, .extent = 3, .step = 1}};
  o.loop_text = "for P in 2 x 3, the last 1\n  par-for y R in 3 x 1\n";
  o.arithmetic = {.product_shift = 9, .output_shift = 1, .widths = {}, .activation = Activation::Relu};
  o.result.cycles = Cycles{1000};
  o.result.processing_cycles = Cycles{900};
  o.result.passes = 3;
  o.result.active_pes = 12;
  o.result.advanced.passes.replayed = 3;
  o.result.stack[Cause::Mac] = 100'000;
  o.result.stack[Cause::Unmapped] = 68'000;
  o.result.counts.add("dram", Operand::Weight, Action::Read, Words{7}, Bytes{14});
  o.result.counts.add("mac", Operand::Output, Action::Mac, Words{100'000}, Bytes{200'000});
  o.checked = true;
  o.input_zeros = 1.0 / 3;
  return o;
}

/// Batch 2, 288 MACs an inference.
Network net(const std::string& layer) {
  return Network::from_yaml(
      YamlDocument::from_text("kind: workload\nname: net\ntitle: \"A <net> & more\"\ninputs:\n- {name: data, channels: "
                              "1, rows: 6, columns: 6}\nlayers:\n"
                              "- {name: '" +
                                  layer +
                                  "', type: conv, inputs: [data], out_channels: 2, kernel: {rows: 3, columns: 3}}\n"
                                  "- {name: s, type: softmax, inputs: ['" +
                                  layer + "'], place: host}\n",
                              "net.yaml"),
      2);
}

ExperimentResult result_of(const std::string& layer, const std::vector<LayerOutcome>& outcomes) {
  const auto table = read_energy_table(YamlDocument::from_file(test::source("configs/technologies/eyeriss_65nm.yaml")));
  return assemble(test::eyeriss(), net(layer), table, {.seed = 3, .command = "eyrie run"}, outcomes,
                  {.wall_s = 2, .cpu_s = 1, .peak_rss_mb = 10});
}

ExperimentResult result(const std::string& layer = "a") { return result_of(layer, {outcome(layer)}); }

/// The same with two targets, a battery and three baselines: measured on it, scaled, and not to be compared.
ExperimentResult beside_others() {
  auto r = result();
  Settings settings = r.settings;
  settings.targets.latency_ms = 0.01;
  settings.battery = Battery{
      .capacity_mah = 100, .voltage = Volts{3}, .inferences_per_hour = 1e6, .duty = {}, .idle_power = Milliwatts{0.1}};
  const auto baseline = [](const std::string& name, const std::string& measurement) {
    return read_baseline(YamlDocument::from_text(
        "kind: baseline\nname: " + name + "\ntitle: \"A <chip>\"\nfamily: microcontroller\npower_of: the chip\n" +
            "measurements:\n- {" + measurement + ", source: \"a, b\", confidence: from-memory}\n",
        "b.yaml"));
  };
  settings.baselines = {baseline("mcu", "network: net, macs: 288, latency: 25 us, energy: 4 uJ, precision: int8"),
                        baseline("board", "description: other, macs: 576, latency: 100 us, batch: 4"),
                        baseline("engine", "description: unknown, energy: 1 uJ")};
  const auto table = read_energy_table(YamlDocument::from_file(test::source("configs/technologies/eyeriss_65nm.yaml")));
  return assemble(test::eyeriss(), net("a"), table, settings, {outcome("a")}, r.host);
}

}  // namespace

TEST_CASE("an outcome crosses a process boundary unchanged", "[unit][report]") {
  auto o = outcome("x");
  o.result.deadlock = Deadlock{Cycles{5}, "a waits for b"};
  o.result.advanced = {.passes = {.stepped = 1, .ahead = 2, .replayed = 3, .cut = 4},
                       .cycles_stepped = 5,
                       .cycles_ahead = 6,
                       .cycles_replayed = 7,
                       .array_activations = 8,
                       .controller_activations = 9,
                       .tile_moves = 10};
  const auto back = outcome_from_text(to_text(o));
  CHECK(to_text(back) == to_text(o));
  CHECK(back.input_zeros == o.input_zeros);
  CHECK(back.result.counts == o.result.counts);
  CHECK(back.result.stack == o.result.stack);
  CHECK(back.result.deadlock == o.result.deadlock);
  CHECK(back.result.advanced == o.result.advanced);
  CHECK(back.arithmetic == o.arithmetic);
  CHECK(back.loops == o.loops);
  CHECK(back.loop_text == o.loop_text);
}

TEST_CASE("the JSON has every key of the schema", "[unit][report]") {
  const auto j = nlohmann::json::parse(to_json(result()));
  CHECK(j["schema"] == "eyrie.result/1");
  for (const char* key : {"eyrie_version", "architecture", "workload", "dataflow", "fidelity", "seed", "layers",
                          "totals", "baselines", "target", "host"})
    CHECK(j.contains(key));
  for (const char* key : {"name", "pes", "frequency_mhz", "technology_nm"}) CHECK(j["architecture"].contains(key));
  for (const char* key : {"name", "op", "macs", "ops", "mapping", "cycles", "latency_ms", "active_pes", "utilization",
                          "cycle_stack", "functional", "counts", "energy_pj", "power_mw", "gops", "tops_per_w",
                          "energy_per_op_pj", "dram_bytes", "glb_bytes"})
    CHECK(j["layers"][0].contains(key));
  for (const char* key : {"total", "by_component", "by_tensor"}) CHECK(j["layers"][0]["energy_pj"].contains(key));
  for (const char* key : {"inferences_per_s", "energy_per_inference_uj", "cycles"}) CHECK(j["totals"].contains(key));
  for (const char* key :
       {"wall_s", "cpu_s", "simulated_cycles_per_s", "pe_cycles_per_s", "macs_per_s", "peak_rss_mb", "advanced"})
    CHECK(j["host"].contains(key));
  CHECK(j["host"]["advanced"]["passes"]["replay"] == 3);
  CHECK(j["layers"][1]["cost"] == "not modelled");
  CHECK(j["layers"][1]["cycles"].is_null());
  CHECK(j["layers"][0]["ops"] == 2 * 576);
}

TEST_CASE("figures follow from cycles, counts and prices", "[unit][report]") {
  const auto r = result();
  const auto& f = r.layers[0].figures;
  CHECK(f.latency_s() == Approx(5e-6).margin(1e-15));
  CHECK(f.gops() == Approx(2 * 576 / 5e-6 * 1e-9).margin(1e-9));
  CHECK(f.energy.total.count() == Approx(7 * 460 + 100'000 * 2 + 1000 * 150).margin(1e-6));
  CHECK(f.power_mw(f.energy.total) == Approx(f.energy.total.count() * 1e-12 / 5e-6 * 1e3).margin(1e-9));
  CHECK(f.tops_per_w(f.energy.total) == Approx(2 * 576 / f.energy.total.count()).margin(1e-12));
  CHECK(f.utilization() == Approx(100.0 / 168).margin(1e-12));
  CHECK(r.inferences_per_s() == Approx(2 / 5e-6).margin(1e-3));
  CHECK_FALSE(r.targets.at(0).met);
}

TEST_CASE("names are quoted in CSV and escaped in Markdown", "[unit][report]") {
  const auto r = result("<b>&\"x,y|z");
  CHECK(to_csv(r).find("\r\n\"<b>&\"\"x,y|z\",conv,machine,576,1152,1000,") != std::string::npos);
  const auto text = to_markdown(r);
  CHECK(text.find("\n| \\<b\\>&\"x,y\\|z | conv | 576 | 1000 |") != std::string::npos);
  CHECK(text.find("on the host, cost not modelled: s (softmax)") != std::string::npos);
}

TEST_CASE("every CSV row has as many fields as the head", "[unit][report]") {
  const auto text = to_csv(result());
  std::vector<std::ptrdiff_t> commas;
  for (std::size_t at = 0, end; (end = text.find("\r\n", at)) != std::string::npos; at = end + 2)
    commas.push_back(std::count(text.begin() + static_cast<std::ptrdiff_t>(at),
                                text.begin() + static_cast<std::ptrdiff_t>(end), ','));
  REQUIRE(commas.size() == 3);
  CHECK(commas[0] == commas[1]);
  CHECK(commas[0] == commas[2]);
}

TEST_CASE("the terminal table is as approved", "[unit][report]") {
  CHECK(to_table(beside_others()) == test::read_file(test::source("tests/golden/table.txt")));
}

TEST_CASE("area stands in the JSON and in CSV, and what is unknown", "[unit][report][area]") {
  const auto r = result();
  const auto j = nlohmann::json::parse(to_json(r));
  const auto& area = j["area"];
  CHECK(area["complete"] == false);
  CHECK(area["unknown"].size() == 7);
  CHECK(j["totals"]["gops_per_mm2"].is_null());
  double sum = 0;
  for (const auto& c : area["components"]) {
    sum += c["area_mm2"].get<double>();
    CHECK(c["interval_mm2"][0] <= c["area_mm2"]);
    CHECK(c["area_mm2"] <= c["interval_mm2"][1]);
    CHECK_FALSE(c["source"].get<std::string>().empty());
  }
  CHECK(area["total_mm2"] == Approx(sum));
  CHECK(area["interval_mm2"][0] < area["total_mm2"]);
  const auto csv = to_area_csv(r);
  CHECK(std::ranges::count(csv, '\n') == 1 + static_cast<int>(area["components"].size() + 7));
  CHECK(csv.find("rlc,,,,,,,,unknown,\r\n") != std::string::npos);

  auto all = r;
  all.area.unknown.clear();
  CHECK(nlohmann::json::parse(to_json(all))["totals"]["gops_per_mm2"] ==
        Approx(all.totals.gops() / area["total_mm2"].get<double>()));
  all.area = {.lines = {}, .unknown = {"glb"}, .total = {}, .interval = {}};
  CHECK(nlohmann::json::parse(to_json(all))["area"]["total_mm2"].is_null());
  CHECK(to_table(all).find("area: unknown, eyeriss_65nm has no areas\n") != std::string::npos);
}

// Ours is 2.5 us an inference (1000 cycles at 200 MHz for two) and (7 x 460 + 100'000 x 2 + 1000 x 150) / 2 = 176.61
// nJ, 1.61 of them DRAM's. 25 us / 2.5 us; 4 uJ / 176.61 nJ, / 175 nJ. The board: 100 us / 4 x 288 / 576 = 12.5 us.
TEST_CASE("baselines and targets stand in the JSON and in CSV", "[unit][report]") {
  const auto r = beside_others();
  const auto j = nlohmann::json::parse(to_json(r));
  REQUIRE(j["baselines"].size() == 3);
  const auto& mcu = j["baselines"][0];
  CHECK(mcu["kind"] == "microcontroller");
  CHECK(mcu["comparison"] == "measured");
  CHECK(mcu["label"] == "measured on this network");
  CHECK(mcu["latency_ms"] == Approx(0.025).epsilon(1e-12));
  CHECK(mcu["energy_per_inference_uj"] == Approx(4).epsilon(1e-12));
  CHECK(mcu["gops_per_w"] == Approx(576 / 4e-6 * 1e-9).epsilon(1e-12));
  CHECK(mcu["speedup"] == Approx(10).epsilon(1e-9));
  CHECK(mcu["energy_ratio"] == Approx(4e3 / 176.61).epsilon(1e-9));
  CHECK(mcu["energy_ratio_chip"] == Approx(4e3 / 175).epsilon(1e-9));
  CHECK(mcu["measured"]["confidence"] == "from-memory");
  CHECK(mcu["measured"]["precision"] == "int8");
  const auto& board = j["baselines"][1];
  CHECK(board["label"] == "scaled from other by operations");
  CHECK(board["speedup"] == Approx(5).epsilon(1e-9));
  CHECK(board["energy_ratio"].is_null());
  CHECK(board["measured"]["precision"].is_null());
  CHECK(j["baselines"][2]["comparison"] == "not_compared");
  CHECK_FALSE(j["baselines"][2].contains("measured"));

  CHECK(j["target"]["tops_per_w"] == 1.0);
  CHECK(j["target"]["met"] == false);
  REQUIRE(j["targets"].size() == 2);
  CHECK(j["targets"][0]["basis"] == "with DRAM");
  CHECK(j["targets"][1]["name"] == "latency_ms");
  CHECK(j["targets"][1]["met"] == true);
  CHECK(j["targets"][1]["margin"] == Approx(0.5).epsilon(1e-9));
  CHECK(j["battery"]["duty"] == Approx(1e6 * 2.5e-6 / 3600).epsilon(1e-9));
  CHECK(j["totals"]["inferences_per_j"] == Approx(1e9 / 176.61).epsilon(1e-9));
  CHECK(j["totals"]["energy_delay_per_inference_j_s"] == Approx(176.61e-9 * 2.5e-6).epsilon(1e-9));
  CHECK(j["totals"]["peak_power"]["layer"] == "a");
  CHECK(j["layers"][0]["energy_per_op_chip_pj"] == Approx(350'000.0 / 1152).epsilon(1e-9));

  const auto csv = to_baselines_csv(r);
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 4);
  CHECK(csv.find("\r\nmcu,microcontroller,measured,measured on this network,0.025,4,0.02304,0.144,") !=
        std::string::npos);
  CHECK(csv.find(",net,1,int8,,from-memory,from-memory,\"a, b\",,,,,,,\r\n") != std::string::npos);
  const auto row = [&](const char* name) {
    const auto from = csv.find(std::string("\r\n") + name) + 2;
    return csv.substr(from, csv.find("\r\n", from) - from);
  };
  const auto head = csv.substr(0, csv.find("\r\n")), engine = row("engine");
  CHECK(std::count(head.begin(), head.end(), ',') == 25);
  CHECK(std::count(engine.begin(), engine.end(), ',') == 25 + 1);  // one in the label
}

TEST_CASE("a file is written whole or not at all", "[unit][report]") {
  const test::Folder folder;
  write_file(folder.path() + "/deep/er/x.txt", "text");
  CHECK(test::read_file(folder.path() + "/deep/er/x.txt") == "text");
  CHECK_THROWS_WITH(write_file(folder.path() + "/deep", "text"),
                    Catch::Contains(folder.path() + "/deep: error: it cannot be written"));
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("links and devices are written to, and stay what they are", "[unit][report]") {
  namespace fs = std::filesystem;
  const test::Folder folder;
  write_file(folder.path() + "/x.txt", "old");
  fs::create_symlink(folder.path() + "/x.txt", folder.path() + "/link");
  write_file(folder.path() + "/link", "new");
  CHECK(fs::is_symlink(folder.path() + "/link"));
  CHECK(test::read_file(folder.path() + "/x.txt") == "new");
  fs::create_symlink("/dev/null", folder.path() + "/nowhere");
  write_file(folder.path() + "/nowhere", "text");
  write_file(folder.path() + "/part", "text");
  put_in_place(folder.path() + "/part", folder.path() + "/nowhere");
  CHECK(fs::is_character_file("/dev/null"));
  CHECK_FALSE(fs::exists(folder.path() + "/part"));
}

TEST_CASE("only a run that was compared whole may say that it is right", "[unit][report]") {
  const std::string right = "All ofmap words equal the reference, bit for bit.";
  CHECK(to_markdown(result()).find(right) != std::string::npos);

  auto unchecked = outcome("a");
  unchecked.checked = false;
  auto wrong = outcome("a");
  wrong.mismatches = 12;
  auto stuck = outcome("a");
  stuck.result.deadlock = Deadlock{Cycles{5}, "pe(0,0) waits for pe(1,0)"};
  const auto [o, sentence] = GENERATE_COPY(
      table<LayerOutcome, std::string>({{unchecked, "Not compared with the reference: a."},
                                        {wrong, "12 ofmap words differ from the reference, in a."},
                                        {stuck, "Stopped making progress: a. Its figures end where it stopped."}}));
  const auto r = result_of("a", {o});
  CHECK(to_markdown(r).find(sentence) != std::string::npos);
  CHECK(to_markdown(r).find(right) == std::string::npos);
  CHECK(to_table(r).find("functional: " + sentence + "\n") != std::string::npos);
}

TEST_CASE("a run without layers on the machine compares nothing", "[unit][report]") {
  const auto r = result_of("a", {});
  CHECK(to_table(r).find("functional: No layer ran on the machine.\n") != std::string::npos);
  CHECK(nlohmann::json::parse(to_json(r))["totals"]["functional"]["checked"] == false);
  CHECK(to_markdown(r).find("No layer ran on the machine.") != std::string::npos);
}

TEST_CASE("what the prices charged adds to the total", "[unit][report]") {
  const auto j = nlohmann::json::parse(to_json(result()));
  const double total = j["totals"]["energy_pj"]["total"];
  double charged = 0;
  for (const auto& p : j["energy_table"]["prices"]) charged += p["charged_pj"].get<double>();
  CHECK(charged == Approx(total).margin(1e-6));
}

TEST_CASE("the terminal table fits 120 columns and keeps the ends of long names", "[unit][report]") {
  const auto text = to_table(result("inception_4e/branch_with_a_long_name_3x3"));
  CHECK(text.find("_long_name_3x3 conv") != std::string::npos);
  auto far = beside_others();
  far.baselines[1].label = "scaled from product of 128 x 1280 and 1280 x 1500 by operations";
  CHECK(to_table(far).find(" scaled from product of 128 x 1280 a.. by operations\n") != std::string::npos);
  for (const auto& table : {text, to_table(beside_others()), to_table(far)})
    for (std::size_t at = 0, end; (end = table.find('\n', at)) != std::string::npos; at = end + 1)
      CHECK(end - at <= 120);
}

TEST_CASE("two runs differ in host alone", "[unit][report]") {
  auto ours = nlohmann::json::parse(to_json(result()));
  auto r = result();
  r.host = {.wall_s = 99, .cpu_s = 98, .peak_rss_mb = 97, .jobs = 7, .stepping = "cycle"};
  auto theirs = nlohmann::json::parse(to_json(r));
  CHECK(ours["host"] != theirs["host"]);
  ours.erase("host");
  theirs.erase("host");
  CHECK(ours == theirs);
}

TEST_CASE("a run of some layers says what it left out", "[unit][report]") {
  const auto r = result_of("a", {});
  CHECK(r.left_out == std::vector<std::string>{"a"});
  CHECK(nlohmann::json::parse(to_json(r))["totals"]["left_out"] == nlohmann::json{"a"});
  CHECK(to_table(r).find("\npart of the network: 1 of its layers on the machine left out; ") != std::string::npos);
  CHECK(to_markdown(r).find("Part of the network; layers left out: a.") != std::string::npos);
  CHECK(result().left_out.empty());
  CHECK(to_markdown(result()).find("Part of the network") == std::string::npos);
}

TEST_CASE("bytes that are no UTF-8 don't cost the result", "[unit][report]") {
  auto o = outcome("a");
  o.mapping_origin = "file caf\xe9.yaml";
  CHECK(outcome_from_text(to_text(o)).mapping_origin == "file caf\xef\xbf\xbd.yaml");
  auto r = result();
  r.settings.command = "eyrie run --arch caf\xe9.yaml";
  CHECK(nlohmann::json::parse(to_json(r))["command"] == "eyrie run --arch caf\xef\xbf\xbd.yaml");
}

TEST_CASE("a mapping's loops stand in the result, from outermost", "[unit][report]") {
  const auto layer = nlohmann::json::parse(to_json(result()))["layers"][0];
  CHECK(layer["loop_nest"] == nlohmann::json::parse(R"([
    {"level": "dram", "dimension": "P", "factor": 2, "kind": "temporal", "step": 3, "extent": 4, "remainder": 1},
    {"level": "dram + glb", "dimension": "R", "factor": 3, "kind": "spatial_y", "step": 1}])"));
  CHECK(layer["loop_text"] == "for P in 2 x 3, the last 1\n  par-for y R in 3 x 1\n");
}

TEST_CASE("the machine stands in the result from DRAM inwards", "[unit][report]") {
  const auto a = nlohmann::json::parse(to_json(result()))["architecture"];
  CHECK(a["array"] == nlohmann::json::parse(R"({"name": "pe_array", "rows": 12, "columns": 14})"));
  CHECK(a["peak_gops"] == Approx(67.2).epsilon(1e-12));      // 168 PEs x 2 ops x 200 MHz
  CHECK(a["dram_gb_per_s"] == Approx(0.48).epsilon(1e-12));  // 8 B x 60 MHz
  std::vector<std::string> names;
  int level = 0;
  for (const auto& c : a["components"]) {
    names.push_back(c["name"]);
    CHECK(c["level"].get<int>() >= level);
    level = c["level"];
  }
  CHECK(names == std::vector<std::string>{"dram", "glb", "filter_gin", "ifmap_gin", "psum_gin", "psum_gon", "psum_link",
                                          "pe_array", "ifmap_spad", "filter_spad", "psum_spad", "mac"});
  CHECK(a["components"][0] ==
        nlohmann::json::parse(
            R"({"name": "dram", "kind": "dram", "level": 0, "tensors": ["input", "weight", "output"]})"));
  CHECK(a["components"][1]["capacity_bytes"] == 108 * 1024);
  CHECK(a["components"][6]["kind"] == "link");
  CHECK(a["components"][9]["capacity_bytes"] == 448);  // 224 words of 16 bits
  CHECK(a["components"][9]["tensors"] == nlohmann::json{"weight"});
}

TEST_CASE("a result says what is in no figure of it", "[unit][report]") {
  const auto sentences = [](const ExperimentResult& r) {
    std::string all;
    const auto j = nlohmann::json::parse(to_json(r));
    for (const auto& s : j["not_modelled"]) all += s.get<std::string>() + "\n";
    return all;
  };
  const auto ours = sentences(result());
  CHECK(ours.find("Time and energy of the host, which computes s (softmax)") != std::string::npos);
  CHECK(ours.find("refresh") != std::string::npos);
  CHECK(ours.find("0.48 GB/s with a latency of 6 cycles") != std::string::npos);
  CHECK(ours.find("clock tree and control are not in it") != std::string::npos);  // what the price of time says itself
  CHECK(ours.find("is gated, and its cycle is spent") != std::string::npos);
  CHECK(ours.find("no array.pitch") != std::string::npos);
  CHECK(ours.find("seed 3") != std::string::npos);
  CHECK(ours.find("left out") == std::string::npos);
  CHECK(sentences(result_of("a", {})).find("Layers that this run left out: a.\n") != std::string::npos);
}

TEST_CASE("the table, CSV, JSON and Markdown show the same figures", "[unit][report]") {
  const auto r = beside_others();
  const auto j = nlohmann::json::parse(to_json(r));
  const auto table = to_table(r), csv = to_csv(r), text = to_markdown(r);
  const auto& totals = j["totals"];
  const auto after = [](const std::string& in, const std::string& head) {
    const auto at = in.find(head);
    CAPTURE(head, in);
    REQUIRE(at != std::string::npos);
    return std::stod(in.substr(at + head.size()));
  };
  const auto near = [](double json, double shown, double last_digit) {
    CHECK(shown == Approx(json).margin(0.51 * last_digit));
  };
  near(totals["inferences_per_s"], after(text, "| inferences | 1/s | "), 0.01);
  near(totals["inferences_per_s"], after(table, "softmax)\n\n"), 0.01);
  near(totals["energy_per_inference_uj"], after(text, "| energy per inference | uJ | "), 0.1);
  near(totals["energy_per_inference_uj"], after(table, " inferences/s, "), 0.1);
  near(totals["power_mw"], after(text, "| power | mW | "), 0.1);
  near(totals["power_chip_mw"], after(table, " uJ/inference, "), 0.1);
  near(totals["tops_per_w"], after(text, "| efficiency | TOP/W | "), 0.0001);
  near(totals["tops_per_w"], after(table, " mW DRAM\n"), 0.0001);
  CHECK(after(text, "| a | conv | ") == j["layers"][0]["macs"].get<double>());
  CHECK(after(csv, "\r\na,conv,machine,") == j["layers"][0]["macs"].get<double>());
  CHECK(after(text, "| a | conv | 576 | ") == j["layers"][0]["cycles"].get<double>());
  CHECK(after(csv, "\r\na,conv,machine,576,1152,") == j["layers"][0]["cycles"].get<double>());
  near(j["energy_table"]["prices"][0]["charged_pj"].get<double>() * 1e-6,
       after(text.substr(text.find("| dram read |")), "| 460 | word | "), 0.001);
  for (const auto& v : r.targets) {
    CHECK(table.find("target " + to_text(v) + "\n") != std::string::npos);
    CHECK(text.find(v.name == "latency_ms" ? "latency\\_ms: 0.005 ms" : "tops\\_per\\_w: ") != std::string::npos);
  }
  const auto mcu = text.find("| mcu | measured on this network | from-memory | a, b |");
  REQUIRE(mcu != std::string::npos);
  near(j["baselines"][0]["gops_per_w"], after(text.substr(mcu), "a, b | "), 0.1);
  CHECK(text.find(" | 10.00 | 22.65 | 22.86 |") != std::string::npos);
}
