#pragma once

// Internal to report: keys of eyrie.regression/1 and the members that they are, in the order of the file.

#include <string>
#include <string_view>

#include "report/regression.hpp"

namespace eyrie {

struct AskedText {
  std::string_view key;
  std::string AskedRun::*member;
};
inline constexpr AskedText kAskedTexts[] = {{"experiment", &AskedRun::experiment},
                                            {"architecture", &AskedRun::architecture},
                                            {"workload", &AskedRun::workload},
                                            {"mappings", &AskedRun::mappings},
                                            {"dataflow", &AskedRun::dataflow},
                                            {"objective", &AskedRun::objective},
                                            {"space", &AskedRun::space},
                                            {"host", &AskedRun::host},
                                            {"precision", &AskedRun::precision},
                                            {"input", &AskedRun::input},
                                            {"calibration", &AskedRun::calibration}};

struct AskedNumber {
  std::string_view key;
  std::optional<std::int64_t> AskedRun::*member;
  std::int64_t least, most;
};
inline constexpr AskedNumber kAskedNumbers[] = {{"batch", &AskedRun::batch, 1, 4096},
                                                {"seed", &AskedRun::seed, 0, std::int64_t{1} << 53}};

struct AskedList {
  std::string_view key;
  std::vector<std::string> AskedRun::*member;
};
inline constexpr AskedList kAskedLists[] = {{"layers", &AskedRun::layers}, {"set", &AskedRun::set}};

struct LayerNumber {
  std::string_view key;
  std::int64_t RecordedLayer::*member;
};
inline constexpr LayerNumber kLayerNumbers[] = {{"macs", &RecordedLayer::macs},
                                                {"passes", &RecordedLayer::passes},
                                                {"active_pes", &RecordedLayer::active_pes},
                                                {"cycles", &RecordedLayer::cycles},
                                                {"processing_cycles", &RecordedLayer::processing_cycles}};

struct TotalNumber {
  std::string_view key;
  std::int64_t RecordedTotals::*member;
};
inline constexpr TotalNumber kTotalNumbers[] = {{"macs", &RecordedTotals::macs},
                                                {"cycles", &RecordedTotals::cycles},
                                                {"processing_cycles", &RecordedTotals::processing_cycles}};

struct TotalEnergy {
  std::string_view key;
  double RecordedTotals::*member;
};
inline constexpr TotalEnergy kTotalEnergies[] = {{"energy_pj", &RecordedTotals::energy_pj},
                                                 {"energy_chip_pj", &RecordedTotals::energy_chip_pj}};

}  // namespace eyrie
