#include "interchange/accelergy.hpp"

#include <catch2/catch.hpp>

#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

ErtFile ert(const std::string& text) { return read_ert(YamlDocument::from_text(text, "ERT.yaml")); }
ArtFile art(const std::string& text) { return read_art(YamlDocument::from_text(text, "ART.yaml")); }
std::string ert_errors(const std::string& text) {
  return test::errors_of([&] { ert(text); });
}

// As Accelergy 0.4 writes it: quoted version, empty maps, floats.
const std::string kErt = R"(ERT:
    version: '0.4'
    tables:
      - name: system_top_level.DRAM[1..1]
        actions:
          - name: read
            arguments:
                global_cycle_seconds: 1e-09
                action_latency_cycles: 1
            energy: 512.0
      - name: system_top_level.mac[1..168]
        actions:
          - name: compute
            arguments: {}
            energy: 0.207692
          - name: leak
            arguments: {}
            energy: 0.002374
)";

// As 0.3 did.
const std::string kOld = R"(ERT:
  version: 0.3
  tables:
  - name: system.eyeriss.PE[0..191].psum_spad
    actions:
    - name: read
      arguments:
        address_delta: 0
        data_delta: 1
      energy: 0.193
    - name: read
      arguments:
        address_delta: 1
        data_delta: 1
      energy: 0.251
    - name: idle
      arguments: null
      energy: 0.018
ERT_summary:
  version: 0.3
)";

}  // namespace

TEST_CASE("energy reference tables of both versions are read", "[unit][interchange][accelergy]") {
  const auto now = ert(kErt);
  REQUIRE(now.tables.size() == 2);
  CHECK(now.tables[0].name == "system_top_level.DRAM[1..1]");
  REQUIRE(now.tables[0].actions.size() == 1);
  CHECK(now.tables[0].actions[0].energy_pj == 512);
  CHECK(now.tables[0].actions[0].arguments.at(0) ==
        std::pair<std::string, std::string>{"global_cycle_seconds", "1e-09"});
  CHECK(now.tables[1].actions[1].name == "leak");
  CHECK(now.tables[1].actions[1].energy_pj == 0.002374);
  CHECK(now.tables[1].actions[1].where.line == 16);
  const auto old = ert(kOld);
  REQUIRE(old.tables.at(0).actions.size() == 3);
  CHECK(old.tables[0].actions[2].arguments.empty());
}

TEST_CASE("an area reference table is read", "[unit][interchange][accelergy]") {
  const auto a =
      art("ART:\n    version: '0.4'\n    tables:\n      - name: system.glb[1..1]\n        area: 217363.36892\n");
  REQUIRE(a.rows.size() == 1);
  CHECK(a.rows[0].area_um2 == 217363.36892);
  CHECK(a.rows[0].where.line == 4);
}

TEST_CASE("what is written is read back the same", "[unit][interchange][accelergy]") {
  for (const auto& file : {ert(kErt), ert(kOld)}) {
    const auto again = ert(ert_text(file));
    REQUIRE(again.tables.size() == file.tables.size());
    for (std::size_t i = 0; i < file.tables.size(); ++i) {
      CHECK(again.tables[i].name == file.tables[i].name);
      REQUIRE(again.tables[i].actions.size() == file.tables[i].actions.size());
      for (std::size_t k = 0; k < file.tables[i].actions.size(); ++k) {
        CHECK(again.tables[i].actions[k].name == file.tables[i].actions[k].name);
        CHECK(again.tables[i].actions[k].arguments == file.tables[i].actions[k].arguments);
        CHECK(again.tables[i].actions[k].energy_pj == file.tables[i].actions[k].energy_pj);
      }
    }
  }
  CHECK(ert_text(ert(kErt)) == kErt);
  const ArtFile odd{.rows = {{.name = "a: b", .area_um2 = 1.0 / 3}, {.name = "true", .area_um2 = 0}}};
  const auto again = art(art_text(odd));
  CHECK(again.rows.at(0).name == "a: b");
  CHECK(again.rows[0].area_um2 == 1.0 / 3);
  CHECK(again.rows.at(1).name == "true");
}

TEST_CASE("a name's last part and how many it stands for", "[unit][interchange][accelergy]") {
  CHECK(accelergy_name("system.eyeriss.PE[0..191].mac", {}).leaf == "mac");
  CHECK(accelergy_name("system.eyeriss.PE[0..191].mac", {}).instances == 192);
  CHECK(accelergy_name("top.mac[1..168]", {}).instances == 168);
  CHECK(accelergy_name("row[0..3].pe[0..4].x", {}).instances == 20);
  CHECK(accelergy_name("glb", {}).leaf == "glb");
  for (const char* wrong : {"", "a.", "a[1..]", "a[2..1]", "a[1", "a[x..y]", "a[-1..2]", "[1..2]",
                            "a[0..999999999][0..999999999][0..999999999]", "a[1..99999999999999999999]"}) {
    CAPTURE(wrong);
    CHECK(test::errors_of([&] { accelergy_name(wrong, {"f.yaml", 3, 4}); }).starts_with("f.yaml:3:4: error: "));
  }
}

TEST_CASE("what is no table of Accelergy's is said with its place", "[unit][interchange][accelergy][bad_input]") {
  CHECK(ert_errors("ART:\n  version: 0.4\n")
            .find("ERT.yaml:1:1: error: the file has no key ERT; give a table of "
                  "Accelergy's that begins with `ERT:`") == 0);
  CHECK(ert_errors("- 1\n").find("the file has no key ERT") != std::string::npos);
  CHECK(ert_errors("ERT:\n  version: 0.2\n  tables: []\n")
            .find("ERT.yaml:2:12: error: ERT.version is 0.2; versions 0.3 and 0.4 are read") == 0);
  CHECK(ert_errors("ERT:\n  version: 0.4\n").find("ERT misses the key tables") != std::string::npos);
  CHECK(ert_errors("ERT: 7\n").find("ERT is 7; it must be a map") != std::string::npos);
  CHECK(ert_errors("ERT:\n  version: 0.4\n  tables: []\nfoo: 1\n").find("foo is no output of Accelergy") !=
        std::string::npos);
  const auto all = ert_errors(R"(ERT:
  version: 0.4
  tables:
  - name: a
    actions:
    - {name: read, arguments: {}, energy: -1}
    - {name: write, arguments: [1], energy: .nan}
    - {arguments: {}, energy: 1}
    - {name: leak, energy: 1, power: 2}
    - {name: leak, energy: 3}
    - 7
  - name: a
    actions: 5
  - {area: 3}
)");
  for (const char* wrong :
       {"ERT.yaml:6:43: error: energy of read of a is -1; it must be a number of at least 0",
        "arguments of write of a are a list; they must be a map", "energy of write of a is \".nan\"",
        "an action of a misses the key name; give the action's name", "an action of a has no key power",
        "ERT.yaml:10:7: error: leak of a is given twice; keep one of the two",
        "ERT.yaml:11:7: error: an action of a is 7; it must be a map", "there are two tables of a",
        "actions of a is 5; it must be a list", "a table misses the key name", "a table has no key area"}) {
    CAPTURE(wrong, all);
    CHECK(all.find(wrong) != std::string::npos);
  }
  CHECK(ert_errors("ERT:\n  version: 0.4\n  tables:\n  - {name: a, actions: [{name: read, energy: 1e308}]}\n")
            .find("energy of read of a is 1e308; it must be at most 1e15") != std::string::npos);
  CHECK(all.find("error:  of a") == std::string::npos);
  CHECK(test::errors_of([] {
          art("ART:\n  version: 0.4\n  tables:\n  - {name: a, area: big}\n");
        }).find("ART.yaml:4:21: error: area of a is \"big\"; it must be a number of at least 0") == 0);
}

TEST_CASE("broken files end in errors, whatever is broken", "[unit][interchange][accelergy][bad_input]") {
  for (std::size_t n = 0; n < kErt.size(); n += 3) {  // cut short, or with a letter changed, at every third place
    auto changed = kErt;
    changed[n] = '[';
    for (const auto& text : {kErt.substr(0, n), changed}) try {
        for (const auto& t : ert(text).tables) (void)accelergy_name(t.name, t.where);
      } catch (const InputError& e) {
        CHECK_FALSE(e.diagnostics().empty());
      }
  }
}
