#include "app/scalesim.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

/// The n-th example of a language of docs/scalesim.md.
std::string example(const std::string& language, int n = 0) {
  const auto text = test::read_file(test::source("docs/scalesim.md"));
  const auto fence = "```" + language + "\n";
  std::size_t at = 0;
  for (int i = 0; i <= n; ++i) at = text.find(fence, at) + fence.size();
  return text.substr(at, text.find("```\n", at) - at);
}

ScaleSimFiles documented(const test::Folder& folder) {
  return {.config = folder.write("x.cfg", example("ini")), .topology = folder.write("net.csv", example("csv"))};
}

}  // namespace

TEST_CASE("an imported configuration and topology are an experiment that checks", "[unit][app]") {
  const test::Folder folder;
  const auto out = folder.path() + "/out";
  const auto done = import_scalesim_files(documented(folder), out);
  CHECK(done.written ==
        std::vector<std::string>{out + "/architecture.yaml", out + "/workload.yaml", out + "/experiment.yaml"});
  CHECK(done.command == "eyrie run " + out + "/experiment.yaml");
  CHECK(done.notes.size() == 3);
  const auto e = read_yaml_file<Experiment>(out + "/experiment.yaml");
  CHECK(e.architecture == done.written[0]);
  CHECK(e.dataflow == "weight_stationary");
  const auto prepared = prepare(e, {}, Catalogue{EYRIE_BINARY});
  CHECK(prepared.architecture.array.control == Control::Lockstep);
  CHECK(prepared.layers.size() == 3);
}

TEST_CASE("the command imports matrix products at the width asked for", "[unit][app]") {
  const test::Folder folder;
  const auto config = folder.write("x.cfg", example("ini")), topology = folder.write("gemm.csv", example("csv", 1));
  const auto ran = test::cli("import scalesim --config " + config + " --topology " + topology +
                             " --gemm --word-bits 16 -o " + folder.path());
  INFO(ran.err);
  CHECK(ran.code == 0);
  CHECK(ran.out.find("run it: eyrie run " + folder.path() + "/experiment.yaml\n") != std::string::npos);
  CHECK(ran.err.find("note: words have no width in SCALE-Sim; 16 b are taken\n") != std::string::npos);
  const auto checked = test::cli("check " + folder.path() + "/architecture.yaml " + folder.path() + "/workload.yaml " +
                                 folder.path() + "/experiment.yaml");
  INFO(checked.err);
  CHECK(checked.code == 0);
}

TEST_CASE("what is wrong in both files is said at once, and nothing is written", "[unit][app][bad_input]") {
  const test::Folder folder;
  auto files = documented(folder);
  files.config = folder.write("x.cfg", "[general]\nrun_name = a\n[architecture_presets]\n");
  files.topology = folder.path() + "/nets.csv";
  const auto all = test::errors_of([&] { import_scalesim_files(files, folder.path() + "/out"); });
  CHECK(all.find("x.cfg:3:1: error: [architecture_presets] has no Dataflow; add `Dataflow: os`\n") !=
        std::string::npos);
  CHECK(all.ends_with("nets.csv: error: there is no such file; did you mean " + folder.path() + "/net.csv?"));
  CHECK_FALSE(std::filesystem::exists(folder.path() + "/out"));
  files.topology = folder.write("b.csv", "Layer\nConv\xff, 1,\n");
  CHECK(test::errors_of([&] {
          import_scalesim_files(files, folder.path());
        }).ends_with("b.csv:2:5: error: this is no UTF-8 text; give a SCALE-Sim topology"));
}

TEST_CASE("a run writes SCALE-Sim's reports of its counts", "[unit][app]") {
  const test::Folder folder;
  const auto out = folder.path() + "/reports";
  const auto ran =
      test::cli("run --arch eyeriss_v1 --workload tiny --layers conv2 --quiet --format json --scalesim " + out);
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  const auto layers = nlohmann::json::parse(ran.out)["layers"];
  const auto conv2 = std::ranges::find_if(layers, [](const auto& l) { return l["name"] == "conv2"; });
  REQUIRE(conv2 != layers.end());
  const std::int64_t cycles = (*conv2)["cycles"], processing = (*conv2)["processing_cycles"];
  const auto compute = test::read_file(out + "/COMPUTE_REPORT.csv");
  CHECK(compute.find(fmt::format("\n0, {}, {}, ", cycles, cycles - processing)) != std::string::npos);
  CHECK(std::ranges::count(compute, '\n') == 2);
  CHECK(std::filesystem::exists(out + "/BANDWIDTH_REPORT.csv"));
  CHECK(std::filesystem::exists(out + "/DETAILED_ACCESS_REPORT.csv"));
  CHECK(std::ranges::distance(std::filesystem::directory_iterator(out)) == 3);
}

TEST_CASE("figures of a result are words at the buffers and at DRAM", "[unit][app]") {
  ExperimentResult r;
  r.architecture = test::eyeriss();
  LayerReport host, l;
  host.place = PlaceOf::Host;
  auto& f = l.figures;
  f.cycles = Cycles{200};
  f.processing_cycles = Cycles{150};
  f.macs = Macs{4200};
  f.pes = 168;
  f.stack[Cause::Mac] = 4200;
  f.stack[Cause::Unmapped] = 168 * 50;
  f.stack[Cause::PassBarrier] = 168 * 150 - 4200;
  f.counts.add("glb", Operand::Input, Action::Read, Words{11}, Bytes{22});
  f.counts.add("glb", Operand::Input, Action::Fill, Words{99}, Bytes{198});
  f.counts.add("glb", Operand::Output, Action::Write, Words{13}, Bytes{26});
  f.counts.add("dram", Operand::Weight, Action::Read, Words{17}, Bytes{34});
  f.counts.add("dram", Operand::Output, Action::Write, Words{19}, Bytes{38});
  r.layers = {host, l};
  const auto all = scalesim_figures(r);
  REQUIRE(all.size() == 1);
  const auto& s = all.front();
  CHECK(s.cycles == Cycles{200});
  CHECK(s.stalls == Cycles{50});
  CHECK(s.mapping_efficiency == 0.75);
  CHECK(s.sram[0].words == Words{11});
  CHECK(s.sram[1].words == Words{0});
  CHECK(s.sram[2].words == Words{13});
  CHECK(s.dram[0].words == Words{0});
  CHECK(s.dram[1].words == Words{17});
  CHECK(s.dram[2].words == Words{19});
  CHECK_FALSE(s.dram[1].first);
}
