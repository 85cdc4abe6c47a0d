#include "interchange/scalesim_reports.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace eyrie {

namespace {

constexpr const char* kUnknown = "-";

double ratio(double a, double b) { return b == 0 ? 0 : a / b; }

/// As many digits as read back to the same value, and a point.
std::string decimal(double value) {
  auto text = fmt::format("{}", value);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

std::string percent(std::int64_t macs, std::int64_t pes, Cycles cycles) {
  return decimal(
      ratio(100 * static_cast<double>(macs), static_cast<double>(pes) * static_cast<double>(cycles.count())));
}

std::string cycle(const std::optional<Cycles>& c) { return c ? fmt::format("{}", c->count()) : kUnknown; }

std::string bandwidth(const ScaleSimAccess& a, Cycles all) {
  const auto cycles = a.first && a.last ? *a.last - *a.first + Cycles{1} : all;
  return decimal(ratio(static_cast<double>(a.words.count()), static_cast<double>(cycles.count())));
}

std::string line(std::size_t layer, const std::vector<std::string>& cells) {
  return fmt::format("{}, {},\n", layer, fmt::join(cells, ", "));
}

std::string compute(std::size_t number, const ScaleSimLayerFigures& l) {
  return line(number, {fmt::format("{}", l.cycles.count()), fmt::format("{}", l.stalls.count()),
                       percent(l.macs.count(), l.pes, l.cycles),
                       l.mapping_efficiency ? decimal(100 * *l.mapping_efficiency) : kUnknown,
                       percent(l.macs.count(), l.pes, l.cycles - l.stalls)});
}

std::string bandwidths(std::size_t number, const ScaleSimLayerFigures& l) {
  std::vector<std::string> cells;
  for (const auto& a : l.sram) cells.push_back(bandwidth({.words = a.words, .first = {}, .last = {}}, l.cycles));
  for (const auto& a : l.dram) cells.push_back(bandwidth(a, l.cycles));
  return line(number, cells);
}

std::string accesses(std::size_t number, const ScaleSimLayerFigures& l) {
  std::vector<std::string> cells;
  for (const auto* memory : {&l.sram, &l.dram})
    for (const auto& a : *memory) {
      cells.push_back(cycle(a.first));
      cells.push_back(cycle(a.last));
      cells.push_back(fmt::format("{}", a.words.count()));
    }
  return line(number, cells);
}

std::string access_header() {
  std::vector<std::string> cells;
  for (const auto* memory : {"SRAM", "DRAM"})
    for (const auto* tensor : {"IFMAP", "Filter", "OFMAP"}) {
      cells.push_back(fmt::format("{} {} Start Cycle", memory, tensor));
      cells.push_back(fmt::format("{} {} Stop Cycle", memory, tensor));
      cells.push_back(fmt::format("{} {} {}", memory, tensor, tensor[0] == 'O' ? "Writes" : "Reads"));
    }
  return fmt::format("LayerID, {},\n", fmt::join(cells, ", "));
}

}  // namespace

ScaleSimReports scalesim_reports(const std::vector<ScaleSimLayerFigures>& layers) {
  ScaleSimReports r{
      .compute = "LayerID, Total Cycles, Stall Cycles, Overall Util %, Mapping Efficiency %, Compute Util %,\n",
      .bandwidth =
          "LayerID, Avg IFMAP SRAM BW, Avg FILTER SRAM BW, Avg OFMAP SRAM BW, Avg IFMAP DRAM BW, "
          "Avg FILTER DRAM BW, Avg OFMAP DRAM BW,\n",
      .detailed = access_header()};
  for (std::size_t i = 0; i < layers.size(); ++i) {
    r.compute += compute(i, layers[i]);
    r.bandwidth += bandwidths(i, layers[i]);
    r.detailed += accesses(i, layers[i]);
  }
  return r;
}

}  // namespace eyrie
