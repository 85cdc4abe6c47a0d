#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/support/support.hpp"

using namespace eyrie;

TEST_CASE("show technology prints what each action of a machine costs, and how that is known", "[cli]") {
  const auto r = test::cli("show technology generic_65nm --arch eyeriss_v1");
  CHECK(r.code == 0);
  CHECK(r.err.empty());
  CHECK(r.out.find("parts from public figures, 65 nm, 1.0 V, for eyeriss_v1: 65 nm, 1 V, on eyeriss_v1 at 200 MHz") ==
        0);
  for (const char* said :
       {"\nglb          read", "\nmac          mac", "between ", "CACTI 7, itrs-lop", "Stillmaker and Baas",
        "\nchip         leakage", "idle_cycle", "assumed", "\nchip         room between cells",
        "\nat least 9.538 mm2, 6.97 to 15.4; unknown: filter_gin (wires and tags), "}) {
    CAPTURE(said, r.out);
    CHECK(r.out.find(said) != std::string::npos);
  }
  const auto markdown = test::cli("show technology eyeriss_28nm --arch eyeriss_v1 --format markdown");
  CHECK(markdown.out.find("| component | action | pJ | per | between | confidence | source | how |\n") == 0);
  CHECK(markdown.out.find("| `mac` | mac | 0.613") != std::string::npos);
  CHECK(markdown.out.find("\n| component | part | um2 | of | between | confidence | source | how |\n") !=
        std::string::npos);
}

TEST_CASE("any technology prices a run, and --set chooses DRAM", "[cli]") {
  const std::string run = "run --arch eyeriss_v1 --workload tiny --layers conv1 --quiet --format csv ";
  const auto plain = test::cli(run + "--set architecture.energy_table=generic_28nm");
  CHECK(plain.code == 0);
  CHECK(plain.err.empty());
  const auto hbm =
      test::cli(run + "--set architecture.energy_table=generic_28nm --set architecture.dram.type=hbm2_rows");
  CHECK(hbm.code == 0);
  CHECK(hbm.out != plain.out);
  const auto same = test::cli(run + "--set architecture.energy_table=generic_28nm --set energy_table.dram=hbm2_rows");
  CHECK(same.out == hbm.out);
  const auto wrong = test::cli(run + "--set architecture.energy_table=generic_28nm --set energy_table.dram=hbm9");
  CHECK(wrong.code == 2);
  CHECK(wrong.err.find("--set dram: error: generic_28nm knows no DRAM called hbm9; did you mean hbm") !=
        std::string::npos);
}

TEST_CASE("a run in a technology tells its area, and --set changes it", "[cli]") {
  const std::string run = "run --arch eyeriss_v1 --workload tiny --layers conv1 --quiet ";
  const auto own = test::cli(run + "--set architecture.energy_table=generic_65nm");
  CHECK(own.code == 0);
  CHECK(own.out.find("area: at least 9.54 mm2 (6.97 to 15.4) without DRAM, of parts that are known\n"
                     "area unknown: filter_gin (wires and tags), ") != std::string::npos);
  const auto larger =
      test::cli(run + "--set architecture.energy_table=generic_65nm --set architecture.buffers.glb.capacity=216KiB");
  CAPTURE(larger.err);
  CHECK(larger.code == 0);
  CHECK(larger.out.find("area: at least 10.") != std::string::npos);
}

TEST_CASE("prices without a machine are asked for with one", "[cli]") {
  const auto r = test::cli("show technology generic_65nm");
  CHECK(r.code == 2);
  CHECK(r.err ==
        "--arch: error: prices are of a machine's parts; say which with --arch; `show technologies` prints the file "
        "itself\n");
}

TEST_CASE("show sram says how far interpolation is off", "[cli]") {
  const auto r = test::cli("show sram cacti/cacti_65nm_lop");
  CHECK(r.code == 0);
  CHECK(r.out.find("28 macros, 0.8 V; a macro left out is estimated from the others") != std::string::npos);
  CHECK(r.out.find("read      x   1.27  x   1.67  x   2.45  8192 B x 128 b") != std::string::npos);
}

TEST_CASE("all files of the shelf of technologies are right, and print as they read", "[cli]") {
  const auto names = test::cli("list technologies");
  std::size_t from = 0;
  int files = 0;
  std::string paths;
  while (from < names.out.size()) {
    const auto to = names.out.find('\n', from);
    paths += " " + test::source("configs/technologies/" + names.out.substr(from, to - from) + ".yaml");
    from = to + 1;
    ++files;
  }
  CHECK(files >= 27);
  const auto checked = test::cli("check --quiet" + paths);
  CHECK(checked.code == 0);
  CHECK(checked.err.empty());
  const test::Folder folder;
  for (const char* name : {"generic_45nm", "dram_types", "cacti/cacti_22nm_hp", "eyeriss_28nm"}) {
    const auto first = test::cli(std::string("show technologies ") + name);
    CHECK(first.code == 0);
    const auto path = folder.write("t.yaml", first.out);
    CHECK(test::cli("show technologies " + path).out == first.out);
  }
}

TEST_CASE("a technology beside a machine's file is found from there", "[cli]") {
  const test::Folder folder;
  auto text = test::read_file(test::source("configs/architectures/eyeriss_v1.yaml"));
  text.replace(text.find("eyeriss_v1_65nm"), 15, "prices/mine.yaml");
  folder.write("m.yaml", text);
  std::filesystem::create_directory(folder.path() + "/prices");
  folder.write("prices/mine.yaml",
               "kind: technology\nname: mine\nbase: base.yaml\ntechnology: 40 nm\nvoltage: 1.0 V\n");
  folder.write("prices/base.yaml", test::read_file(test::source("configs/technologies/eyeriss_65nm.yaml")));
  const auto r = test::cli("check " + folder.path() + "/m.yaml");
  CHECK(r.code == 0);
  CHECK(r.err.empty());
  const auto wrong = folder.write("prices/mine.yaml",
                                  "kind: technology\nname: mine\nbase: bse.yaml\ntechnology: 40 nm\nvoltage: 1.0 V\n");
  CHECK(test::cli("check " + wrong).code == 2);
  CHECK(test::cli("check " + folder.path() + "/m.yaml").code == 2);
}
