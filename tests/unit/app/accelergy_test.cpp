#include "app/accelergy.hpp"

#include <catch2/catch.hpp>

#include "app/experiment.hpp"
#include "energy/area.hpp"
#include "energy/price.hpp"
#include "interchange/accelergy.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

const Catalogue& catalogue() {
  static const Catalogue all{EYRIE_BINARY};
  return all;
}

/// Counts of everything that Eyeriss charges, each another number.
ActionCounts counts() {
  ActionCounts c;
  std::int64_t n = 1000;
  const auto add = [&](const char* component, Operand t, std::initializer_list<Action> actions) {
    for (const Action a : actions) {
      n += 17;
      c.add(component, t, a, Words{n}, Bytes{2 * n});
    }
  };
  using enum Action;
  add("dram", Operand::Input, {Read, Write});
  add("rlc", Operand::Input, {Encode, Decode});
  add("glb", Operand::Input, {Read, Write, Fill, Drain});
  add("ifmap_gin", Operand::Input, {Send, Deliver, Wire});
  add("psum_gon", Operand::Output, {Send, Deliver});
  add("psum_link", Operand::Output, {Hop});
  add("ifmap_spad", Operand::Input, {Read, Write});
  add("psum_spad", Operand::Output, {Read, Write});
  add("mac", Operand::Output, {Mac, GatedMac, Add, Compare, Activate});
  return c;
}

std::string said(const AccelergyImport& done) {
  std::string all;
  for (const auto& n : done.notes) all += n + "\n";
  return all;
}

const Price& price_of(const EnergyTable& t, const std::string& component, Priced action) {
  const auto* p = t.find(component, component, action);
  REQUIRE(p);
  return *p;
}

// The public reference table of an Eyeriss-like machine, shortened; facts as Accelergy gave them.
const std::string kErt = R"(ERT:
    version: '0.4'
    tables:
      - name: system_top_level.DRAM[1..1]
        actions:
          - {name: update, arguments: {global_cycle_seconds: 1e-09}, energy: 512.0}
          - {name: read, arguments: {global_cycle_seconds: 1e-09}, energy: 512.0}
          - {name: leak, arguments: {}, energy: 0.0}
          - {name: write, arguments: {}, energy: 512.0}
      - name: system_top_level.shared_glb[1..1]
        actions:
          - {name: write, arguments: {}, energy: 14.137929}
          - {name: read, arguments: {}, energy: 18.183829}
          - {name: leak, arguments: {}, energy: 0.005652}
          - {name: update, arguments: {}, energy: 14.137929}
      - name: system_top_level.mac[1..168]
        actions:
          - {name: compute, arguments: {}, energy: 0.207692}
          - {name: leak, arguments: {}, energy: 0.002374}
)";
const std::string kArt = R"(ART:
    version: '0.4'
    tables:
      - {name: 'system_top_level.DRAM[1..1]', area: 1.0}
      - {name: 'system_top_level.shared_glb[1..1]', area: 217363.36892}
      - {name: 'system_top_level.mac[1..168]', area: 191.82}
)";

}  // namespace

TEST_CASE("a table that is written is imported with the same prices and areas", "[unit][app][accelergy]") {
  const auto name = GENERATE(as<std::string>{}, "eyeriss_v1", "eyeriss_v2_dense", "diannao", "tpu_like_32x32");
  const test::Folder folder;
  const auto machine = prepare_machine(name, {}, catalogue());
  const auto done = export_accelergy_files(machine.architecture, machine.table, folder.path());
  CHECK(done.written == std::vector<std::string>{folder.path() + "/ERT.yaml", folder.path() + "/ART.yaml"});
  const auto again =
      import_accelergy_files({.ert = done.written[0], .art = done.written[1], .architecture = name}, catalogue());
  CAPTURE(name, said(again));
  CHECK(again.notes.empty());
  const auto& a = machine.architecture;
  for (const auto& c : accelergy_components(a))
    for (const auto& row : names<Priced>::table) {
      const auto *ours = machine.table.find(c.name, c.kind, row.value),
                 *back = again.table.find(c.name, c.kind, row.value);
      CAPTURE(c.name, row.name);
      CHECK((!ours || back));  // and fill and drain, where a machine has them not
    }
  const auto before = area_of(a, machine.table), after = area_of(a, again.table);
  CHECK(after.total.um2 == Approx(before.total.um2));
  CHECK(after.unknown == before.unknown);
  CHECK(done.left_out == before.unknown);
}

TEST_CASE("an imported table prices a layer as the one that was written", "[unit][app][accelergy]") {
  const auto table = GENERATE(as<std::string>{}, "eyeriss_v1_65nm", "eyeriss_65nm", "eyeriss_v2_65nm");
  const test::Folder folder;
  auto machine = prepare_machine("eyeriss_v1",
                                 {"architecture.energy_table=" + table, "architecture.array.pitch=250 um",
                                  "architecture.words={input: 8 b, weight: 8 b, psum: 20 b, output: 8 b}"},
                                 catalogue());
  const auto done = export_accelergy_files(machine.architecture, machine.table, folder.path());
  auto a = machine.architecture;
  a.energy_table = test::source("configs/technologies/" + table + ".yaml");
  const auto file = folder.write("machine.yaml", write_yaml([&](Fields& f) { describe(f, a); }));
  const auto again = import_accelergy_files({.ert = done.written[0], .architecture = file}, catalogue());
  const Elapsed time{Cycles{5000}, 154};
  const auto ours = price(counts(), time, machine.architecture, machine.table);
  const auto back = price(counts(), time, machine.architecture, again.table);
  CHECK(back.total.count() == Approx(ours.total.count()).epsilon(1e-12));
  const auto parts = ours.by_component();
  REQUIRE(back.by_component().size() == parts.size());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    CAPTURE(parts[i].first);
    CHECK(back.by_component()[i].second.count() == Approx(parts[i].second.count()).epsilon(1e-12));
  }
}

TEST_CASE("rows of DRAM and waiting PEs come back as they went", "[unit][app][accelergy]") {
  const test::Folder folder;
  const auto machine = prepare_machine(
      "eyeriss_v1", {"architecture.energy_table=generic_65nm", "architecture.dram.type=hbm2_rows"}, catalogue());
  const auto done = export_accelergy_files(machine.architecture, machine.table, folder.path());
  const auto again = import_accelergy_files({.ert = done.written[0], .architecture = "eyeriss_v1"}, catalogue());
  const auto same = [&](const std::string& component, const std::string& kind, Priced action) {
    const auto *ours = machine.table.find(component, kind, action), *back = again.table.find(component, kind, action);
    CAPTURE(component, name_of(action));
    REQUIRE(ours);
    REQUIRE(back);
    CHECK(back->energy.count() == Approx(ours->energy.count()).epsilon(1e-12));
    CHECK(back->per == ours->per);
    if (action == Priced::Row) CHECK(back->at == ours->at);
  };
  same("dram", "dram", Priced::Row);
  same("pe_array", "array", Priced::Idle);
  same("pe_array", "array", Priced::Clock);
  same("pe_array", "array", Priced::Leakage);
  same("chip", "chip", Priced::Leakage);
}

TEST_CASE("Accelergy's own tables are prices of accesses of the machine's ports", "[unit][app][accelergy]") {
  const test::Folder folder;
  AccelergyFiles files{.ert = folder.write("ERT.yaml", kErt),
                       .art = folder.write("ART.yaml", kArt),
                       .architecture = "eyeriss_v1",
                       .names = {"system_top_level.shared_glb=glb"}};
  const auto done = import_accelergy_files(files, catalogue());
  const auto& read = price_of(done.table, "glb", Priced::Read);
  CHECK(read.energy.count() == 18.183829);
  CHECK(read.at == Bits{64});
  CHECK(read.source == "Accelergy ERT ERT.yaml");
  CHECK(read.confidence == Confidence::Derived);
  CHECK(read.note == "read, an access of 64 b, the widest port or operand of eyeriss_v1");
  CHECK(price_of(done.table, "glb", Priced::Fill).energy.count() == 14.137929);   // as a write
  CHECK(price_of(done.table, "glb", Priced::Drain).energy.count() == 18.183829);  // as a read
  CHECK(price_of(done.table, "mac", Priced::Mac).at == Bits{16});
  CHECK(price_of(done.table, "dram", Priced::Write).at == Bits{64});
  CHECK(price_of(done.table, "chip", Priced::Leakage).energy.count() == Approx(0.005652 + 168 * 0.002374));
  CHECK(price_of(done.table, "chip", Priced::Clock).energy.count() == 0);
  CHECK(said(done).find("clock: the ERT has none") != std::string::npos);
  CHECK(said(done).find("not used: area of system_top_level.DRAM[1..1], which is off chip") != std::string::npos);
  const auto areas = area_of(test::eyeriss(), done.table);
  CHECK(areas.total.um2 == Approx(217363.36892 + 168 * 191.82));

  files.access_bits = {"glb=32"};
  const auto narrow = import_accelergy_files(files, catalogue());
  CHECK(price_of(narrow.table, "glb", Priced::Read).at == Bits{32});
  CHECK(price_of(narrow.table, "glb", Priced::Read).note == "read, an access of 32 b, as stated");

  files.base = "eyeriss_65nm";
  const auto full = import_accelergy_files(files, catalogue());
  CHECK(said(full).find("prices of eyeriss_65nm: ") != std::string::npos);
  CHECK(price(counts(), {Cycles{10}, 3}, test::eyeriss({"array.pitch=250 um"}), full.table).total.count() > 0);
}

TEST_CASE("without a machine widths and technology are stated", "[unit][app][accelergy]") {
  const test::Folder folder;
  AccelergyFiles files{.ert = folder.write("ERT.yaml", kErt), .technology_nm = 65, .voltage = 1.0};
  const auto error = test::errors_of([&] { import_accelergy_files(files, catalogue()); });
  CHECK(error.find("ERT.yaml:13:13: error: read of shared_glb moves an unknown number of bits; give --architecture, or "
                   "--access-bits shared_glb=BITS") != std::string::npos);
  files.access_bits = {"DRAM=64", "shared_glb=64", "mac=8"};
  const auto done = import_accelergy_files(files, catalogue());
  CHECK(price_of(done.table, "shared_glb", Priced::Read).at == Bits{64});
  CHECK(price_of(done.table, "mac", Priced::Mac).at == Bits{8});
  files.voltage = 0;
  CHECK(test::errors_of([&] { import_accelergy_files(files, catalogue()); }).find("say neither node nor supply") !=
        std::string::npos);
}

TEST_CASE("the dearest row of an action is a random access", "[unit][app][accelergy]") {
  const test::Folder folder;
  const auto ert = folder.write("old.yaml", R"(ERT:
  version: 0.3
  tables:
  - name: system.PE[0..167].psum_spad
    actions:
    - {name: read, arguments: {address_delta: 0, data_delta: 1}, energy: 0.193}
    - {name: read, arguments: {address_delta: 1, data_delta: 1}, energy: 0.251}
    - {name: read, arguments: {address_delta: 1, data_delta: 0}, energy: 0.113}
    - {name: idle, arguments: null, energy: 0.018}
  - name: system.ifmap_gin
    actions:
    - {name: transfer_random, arguments: null, energy: 3}
)");
  const auto done = import_accelergy_files({.ert = ert, .architecture = "eyeriss_v1"}, catalogue());
  CHECK(price_of(done.table, "psum_spad", Priced::Read).energy.count() == 0.251);
  CHECK(price_of(done.table, "chip", Priced::Leakage).energy.count() == Approx(168 * 0.018));
  CHECK(price_of(done.table, "ifmap_gin", Priced::Send).energy.count() == 3);
  CHECK(price_of(done.table, "ifmap_gin", Priced::Deliver).note == "in the figure of send");
  CHECK(said(done).find("those with the most energy") != std::string::npos);
}

TEST_CASE("what has no place is an error, or noted if asked", "[unit][app][accelergy][bad_input]") {
  const test::Folder folder;
  AccelergyFiles files{.ert = folder.write("ERT.yaml", R"(ERT:
  version: 0.4
  tables:
  - name: top.shared_glb[1..1]
    actions:
    - {name: read, energy: 1}
  - name: top.glb
    actions:
    - {name: read, energy: 2}
    - {name: metadata_read, energy: 1}
    - {name: compute, energy: 1}
    - {name: multiply, energy: 2}
)"),
                       .architecture = "eyeriss_v1"};
  const auto errors = [&] { return test::errors_of([&] { import_accelergy_files(files, catalogue()); }); };
  auto all = errors();
  for (const char* wrong :
       {"ERT.yaml:4:11: error: eyeriss_v1 has no component shared_glb; ",
        "write --name top.shared_glb=OURS, or leave it out with --lenient",
        "ERT.yaml:10:7: error: metadata_read of top.glb is no action that is priced here",
        "ERT.yaml:12:7: error: compute and multiply of top.glb are one action here; keep one of the two"}) {
    CAPTURE(wrong, all);
    CHECK(all.find(wrong) != std::string::npos);
  }
  files.names = {"top.shared_glb=glb", "nothing=mac"};
  files.access_bits = {"spad=3"};
  all = errors();
  CAPTURE(all);
  CHECK(all.find("read of glb is in two tables") != std::string::npos);
  CHECK(all.find("--name: error: nothing is in neither table") != std::string::npos);
  CHECK(all.find("--access-bits: error: spad is in neither table") != std::string::npos);
  files.names = {"top"};
  CHECK(errors().find("--name: error: top is no assignment; write it like system.shared_glb=glb") == 0);
  files.names.clear();
  files.access_bits = {"glb=0"};
  CHECK(errors().find("--access-bits: error: 0 is no number of bits") == 0);
  files.access_bits.clear();
  files.ert = folder.write("ERT.yaml",
                           "ERT:\n  version: 0.4\n  tables:\n  - name: x\n    actions:\n"
                           "    - {name: read, energy: 1}\n  - name: glb\n    actions:\n"
                           "    - {name: skipped_read, energy: 1}\n    - {name: read, energy: 4}\n");
  files.lenient = true;
  const auto done = import_accelergy_files(files, catalogue());
  CHECK(said(done) ==
        "not used: ERT.yaml:4: eyeriss_v1 has no component x\n"
        "not used: ERT.yaml:9: skipped_read of glb is no action that is priced here\n");
}

TEST_CASE("the command line writes and reads Accelergy's tables", "[unit][app][accelergy]") {
  const test::Folder folder;
  const auto ran = test::cli("run --arch diannao --workload tiny --quiet --jobs 1 --accelergy " + folder.path());
  INFO(ran.err);
  CHECK(ran.code == 0);
  CHECK(ran.err.find("written: " + folder.path() + "/ERT.yaml " + folder.path() + "/ART.yaml") != std::string::npos);
  const auto made = test::cli("import accelergy --ert " + folder.path() + "/ERT.yaml --art " + folder.path() +
                              "/ART.yaml --architecture diannao -o " + folder.path() + "/table.yaml");
  INFO(made.err);
  CHECK(made.code == 0);
  const auto again =
      test::cli("run --arch diannao --workload tiny --quiet --jobs 1 --set architecture.energy_table=" + folder.path() +
                "/table.yaml");
  CHECK(again.code == 0);
  const auto energy = [](const std::string& out) {
    const auto at = out.find("inferences/s, ");
    return out.substr(at, out.find(" on chip", at) - at);
  };
  CHECK(energy(again.out) == energy(ran.out));
  CHECK(again.out.find("area: 3.02 mm2") != std::string::npos);
}
