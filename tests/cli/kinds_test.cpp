// Layers that are not on the machine, and recurrent cells, as a user meets them.

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

const std::string kNetwork =
    "kind: workload\nname: net\ninputs:\n- {name: data, channels: 4, rows: 5, columns: 4, steps: 2}\nlayers:\n"
    "- {name: c, type: conv, inputs: [data], out_channels: 4, kernel: {rows: 3, columns: 3}}\n"
    "- {name: bn, type: batch_norm, inputs: [c]}\n"
    "- {name: p, type: max_pool, inputs: [bn], global: true}\n"
    "- {name: cell, type: lstm, inputs: [p], units: 3}\n"
    "- {name: prob, type: softmax, inputs: [cell]}\n"
    "- {name: prob2, type: softmax, inputs: [cell], place: host}\n";

}  // namespace

TEST_CASE("layers that PEs cannot do go to the host, and every report says why", "[cli]") {
  const test::Folder folder;
  const auto net = folder.write("net.yaml", kNetwork);
  const std::string run = "run --arch eyeriss_v1 --quiet --workload " + net +
                          " --set 'architecture.array.mac.operations=[multiply_add,sum]' --out " + folder.path();
  const auto result = test::cli(run);
  CHECK(result.code == 0);
  CHECK_THAT(result.out,
             Catch::Contains("\non the host, cost not modelled: 3 layers, PEs of eyeriss_v1 have no maximum: p "
                             "(max_pool), cell/t00/tanh (tanh), cell/t01/tanh (tanh)\n"
                             "on the host, cost not modelled: 1 layer, softmax is no loop nest: prob (softmax)\n"
                             "on the host, cost not modelled: prob2 (softmax)\n"
                             "nothing to do at run time: bn (batch_norm), cell (lstm)\n"));
  const auto j = nlohmann::json::parse(test::read_file(folder.path() + "/result.json"));
  int checked = 0;
  for (const auto& l : j["layers"]) {
    if (l["name"] == "p") {
      CHECK(l["place"] == "host");
      CHECK(l["cost"] == "not modelled");
      CHECK(l["reason"] == "PEs of eyeriss_v1 have no maximum");
      ++checked;
    } else if (l["name"] == "bn") {
      CHECK(l["place"] == "folded");
      CHECK(l["cost"] == "none");
      CHECK(l["reason"] == "nothing to do: part of the filters and biases of c");
      ++checked;
    } else if (l["name"] == "cell/t01/ifo") {
      CHECK(l["part_of"] == "cell");
      CHECK(l["step"] == 1);
      CHECK(l["arithmetic"]["activation"] == "sigmoid");
      ++checked;
    }
  }
  CHECK(checked == 3);
  CHECK_THAT(test::read_file(folder.path() + "/report.html"), Catch::Contains("PEs of eyeriss_v1 have no maximum"));
}

TEST_CASE("a cell's layers can be asked for by its name", "[cli]") {
  const test::Folder folder;
  const auto net = folder.write("net.yaml", kNetwork);
  const auto result = test::cli("run --arch eyeriss_v1 --quiet --format csv --layers cell --workload " + net);
  CHECK(result.code == 0);
  CHECK_THAT(result.out, Catch::Contains("\r\ncell/x,"));
  CHECK_THAT(result.out, Catch::Contains("\r\ncell/t01/out,"));
  CHECK_THAT(result.out, !Catch::Contains("\r\nc,"));
}
