// Damaged SCALE-Sim files are refused with places, or read; nothing else happens.

#include <catch2/catch.hpp>
#include <optional>

#include "base/random.hpp"
#include "interchange/scalesim_machine.hpp"

using namespace eyrie;

namespace {

const std::string kConfig =
    "[general]\nrun_name = a\n\n[architecture_presets]\nArrayHeight: 32\nArrayWidth: 16\nIfmapSramSzkB: 64\n"
    "FilterSramSzkB: 48\nOfmapSramSzkB: 24\nDataflow : ws\nBandwidth : 10\n[run_presets]\nInterfaceBandwidth: USER\n";
const std::string kTopology =
    "Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,\n"
    "Conv1, 22, 20, 5, 3, 3, 12, 2,\nDP2, 9, 8, 3, 2, 4, 2, 1, 2,\nFC, 1, 64, 1, 64, 1, 10, 1,1:1\n";

/// A few bytes changed, cut out or doubled.
std::string damaged(std::string text, Random& random) {
  static constexpr std::string_view kBytes = "[]=:;#, \t\r\n0123456789-.aD\xff";
  for (auto times = random.between(1, 4); times > 0 && !text.empty(); --times) {
    const auto at = static_cast<std::size_t>(random.between(0, std::ssize(text) - 1));
    const auto length = static_cast<std::size_t>(random.between(1, 12));
    const char byte = kBytes[static_cast<std::size_t>(random.between(0, std::ssize(kBytes) - 1))];
    if (const auto what = random.between(0, 3); what == 0)
      text.erase(at, length);
    else if (what == 1)
      text.insert(at, text.substr(at, length));
    else
      text[at] = byte;
  }
  return text;
}

/// Are all diagnostics of `read` about `file`? 0: nothing was wrong.
template <class Read>
int complaints(Read read, const std::string& file) {
  try {
    read();
  } catch (const InputError& e) {
    for (const auto& d : e.diagnostics()) CHECK(d.place.file == file);
    return static_cast<int>(e.diagnostics().size());
  }
  return 0;
}

}  // namespace

TEST_CASE("damaged SCALE-Sim files are refused or read", "[property][interchange]") {
  Random random{3, "scalesim"};
  int refused = 0, taken = 0;
  for (int i = 0; i < 4000; ++i) {
    const auto config = damaged(kConfig, random), topology = damaged(kTopology, random);
    CAPTURE(config, topology);
    (complaints([&] { read_scalesim_config(config, "x.cfg"); }, "x.cfg") > 0 ? refused : taken)++;
    std::optional<ScaleSimTopology> t;
    (complaints([&] { t = read_scalesim_topology(topology, "t.csv", ScaleSimForm::Convolution); }, "t.csv") > 0
         ? refused
         : taken)++;
    if (t && topology.find('\xff') == std::string::npos)  // what is read can be written and read again
      CHECK(Network::from_yaml(YamlDocument::from_text(scalesim_workload_text(*t), "w.yaml"), 1).layers().size() ==
            t->layers.size());
  }
  CHECK(refused > 1000);
  CHECK(taken > 1000);
}
