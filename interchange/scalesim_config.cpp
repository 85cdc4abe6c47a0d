#include "interchange/scalesim_config.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "base/quantities.hpp"
#include "base/yaml.hpp"
#include "interchange/scalesim_ini.hpp"

namespace eyrie {

namespace {

constexpr std::int64_t kMostPes = 4096;     // along an edge: what an architecture file takes
constexpr std::int64_t kMostKiB = 1 << 20;  // 1 GiB
constexpr std::int64_t kMostBandwidth = 1'000'000;

constexpr std::string_view kGeneral = "general", kArchitecture = "architecture_presets", kRun = "run_presets",
                           kNetwork = "network_presets", kSparsity = "sparsity", kLayout = "layout",
                           kMemoryMaps = "memory_map_files";

/// What becomes of a key.
enum class Use : std::uint8_t {
  Read,
  Ignored,  ///< changes nothing that is modelled here, or only something that is off
  Off       ///< must be False: what it turns on is not modelled
};

struct KnownKey {
  std::string_view section, key;
  Use use = Use::Read;
  std::string_view what = {};  ///< that is not modelled, where it must be off
};

constexpr KnownKey kKeys[] = {{kGeneral, "run_name"},
                              {kArchitecture, "ArrayHeight"},
                              {kArchitecture, "ArrayWidth"},
                              {kArchitecture, "IfmapSramSzkB"},
                              {kArchitecture, "FilterSramSzkB"},
                              {kArchitecture, "OfmapSramSzkB"},
                              {kArchitecture, "IfmapSramSz"},  // version 1 says the same without the unit
                              {kArchitecture, "FilterSramSz"},
                              {kArchitecture, "OfmapSramSz"},
                              {kArchitecture, "Dataflow"},
                              {kArchitecture, "Bandwidth"},
                              {kArchitecture, "MemoryBanks"},
                              {kRun, "InterfaceBandwidth"},
                              {kArchitecture, "IfmapOffset", Use::Ignored},
                              {kArchitecture, "FilterOffset", Use::Ignored},
                              {kArchitecture, "OfmapOffset", Use::Ignored},
                              {kArchitecture, "OnChipMemoryBanks", Use::Ignored},
                              {kArchitecture, "OnChipMemoryBankPorts", Use::Ignored},
                              {kArchitecture, "ReadRequestBuffer", Use::Ignored},
                              {kArchitecture, "WriteRequestBuffer", Use::Ignored},
                              {kLayout, "IfmapSRAMBankBandwidth", Use::Ignored},
                              {kLayout, "IfmapSRAMBankNum", Use::Ignored},
                              {kLayout, "IfmapSRAMBankPort", Use::Ignored},
                              {kLayout, "FilterSRAMBankBandwidth", Use::Ignored},
                              {kLayout, "FilterSRAMBankNum", Use::Ignored},
                              {kLayout, "FilterSRAMBankPort", Use::Ignored},
                              {kLayout, "IfmapCustomLayout", Use::Off, "layouts of words in banks"},
                              {kLayout, "FilterCustomLayout", Use::Off, "layouts of words in banks"},
                              {kSparsity, "SparsitySupport", Use::Off, "sparse filters"},
                              {kSparsity, "SparseRep", Use::Ignored},
                              {kSparsity, "OptimizedMapping", Use::Ignored},
                              {kSparsity, "BlockSize", Use::Ignored},
                              {kSparsity, "RandomNumberGeneratorSeed", Use::Ignored},
                              {kRun, "TimeLinearModel", Use::Ignored},
                              {kRun, "UseRamulatorTrace", Use::Off, "DRAM traces"},
                              {kNetwork, "TopologyCsvLoc", Use::Ignored},
                              {kMemoryMaps, "MemoryMapIfmap", Use::Ignored},
                              {kMemoryMaps, "MemoryMapFilter", Use::Ignored},
                              {kMemoryMaps, "MemoryMapOfmap", Use::Ignored}};

/// Does a key belong to a section? Version 3 first had those of [layout] in [architecture_presets].
bool belongs(const KnownKey& k, std::string_view section) {
  return k.section == section || (k.section == kLayout && section == kArchitecture);
}

class ConfigReader {
 public:
  ConfigReader(std::string_view text, const std::string& name) : file_{read_ini(text, name, wrong_)} {}

  ScaleSimConfig read() {
    known_sections();
    for (const auto& e : file_.entries) known_key(e);
    run_name();
    c_.rows = whole("ArrayHeight", kMostPes);
    c_.columns = whole("ArrayWidth", kMostPes);
    c_.ifmap = sram("IfmapSramSz");
    c_.filter = sram("FilterSramSz");
    c_.ofmap = sram("OfmapSramSz");
    dataflow();
    bandwidth();
    if (!ignored_.empty())
      c_.notes.push_back(fmt::format("not read, as nothing here depends on them: {}", fmt::join(ignored_, ", ")));
    wrong_.raise_if_any();
    return std::move(c_);
  }

 private:
  void known_sections() {
    static constexpr std::string_view known[] = {kGeneral,  kArchitecture, kRun,       kNetwork,
                                                 kSparsity, kLayout,       kMemoryMaps};
    for (const auto& s : file_.sections)
      if (!std::ranges::count(known, s.name))
        wrong_.error(s.place, fmt::format("SCALE-Sim has no section [{}]", s.name), did_you_mean(s.name, known));
    for (const auto& section : {kGeneral, kArchitecture})
      if (!has(section))
        wrong_.error({file_.name, 0, 0}, fmt::format("there is no section [{}]", section),
                     "give a SCALE-Sim configuration");
  }

  void known_key(const IniEntry& e) {
    std::vector<std::string_view> here;
    for (const auto& k : kKeys) {
      if (!belongs(k, e.section)) continue;
      here.push_back(k.key);
      if (lower_case(k.key) != lower_case(e.key)) continue;
      if (k.use == Use::Ignored) ignored_.push_back(std::string(k.key));
      if (k.use == Use::Off) must_be_off(k, e);
      return;
    }
    if (!here.empty())  // an unknown section was said already
      wrong_.error(e.place, fmt::format("[{}] has no key {}", e.section, e.key), did_you_mean(e.key, here));
  }

  void must_be_off(const KnownKey& k, const IniEntry& e) {
    const auto value = lower_case(e.value);
    if (value == "true")
      wrong_.error(e.value_place, fmt::format("{} is {}, and {} are not modelled", k.key, e.value, k.what),
                   "write False");
    else if (value != "false")
      wrong_.error(e.value_place, fmt::format("{} is \"{}\"", k.key, e.value), "it must be True or False");
  }

  [[nodiscard]] bool has(std::string_view section) const {
    return std::ranges::count(file_.sections, section, &IniFile::Section::name) > 0;
  }

  /// The entry, or an error at its section; a missing section was said already.
  const IniEntry* required(std::string_view section, std::string_view key, std::string_view example) {
    const auto* e = file_.find(section, key);
    const auto at = std::ranges::find(file_.sections, section, &IniFile::Section::name);
    if (!e && at != file_.sections.end())
      wrong_.error(at->place, fmt::format("[{}] has no {}", section, key), fmt::format("add `{}`", example));
    return e;
  }

  std::int64_t whole(const IniEntry& e, std::int64_t most) {
    const auto n = parse_integer(e.value);
    if (n && *n >= 1 && *n <= most) return *n;
    if (e.value.find(',') != std::string::npos)
      wrong_.error(e.value_place, fmt::format("{} has several values, {}", e.key, e.value), "write one");
    else
      wrong_.error(e.value_place, n ? fmt::format("{} is {}", e.key, *n) : fmt::format("{} is \"{}\"", e.key, e.value),
                   fmt::format("it must be a whole number from 1 to {}", most));
    return 1;
  }

  std::int64_t whole(std::string_view key, std::int64_t most) {
    const auto* e = required(kArchitecture, key, fmt::format("{}: 32", key));
    return e ? whole(*e, most) : 1;
  }

  Bytes sram(const std::string& key) {
    const auto with_unit = key + "kB";
    const auto *old = file_.find(kArchitecture, key), *now = file_.find(kArchitecture, with_unit);
    if (old && now) wrong_.error(old->place, fmt::format("{} says what {} says", key, with_unit), "keep one");
    const auto kib = !now && old ? whole(*old, kMostKiB) : whole(with_unit, kMostKiB);
    return Bytes{kib * 1024};
  }

  void run_name() {
    const auto* e = required(kGeneral, "run_name", "run_name = my_machine");
    if (!e) return;
    c_.run_name = e->value;
    if (c_.run_name.size() > 1 && c_.run_name.front() == '"' && c_.run_name.back() == '"')
      c_.run_name = c_.run_name.substr(1, c_.run_name.size() - 2);
    if (c_.run_name.empty()) wrong_.error(e->value_place, "run_name is empty", "write a name");
  }

  void dataflow() {
    const auto* e = required(kArchitecture, "Dataflow", "Dataflow: os");
    if (!e) return;
    if (e->value == "ws")
      c_.stationary = Stationary::Weight;
    else if (e->value == "os")
      c_.stationary = Stationary::Output;
    else if (e->value == "is")
      c_.stationary = Stationary::Input;
    else
      wrong_.error(e->value_place, fmt::format("Dataflow is \"{}\"", e->value), "it must be ws, os or is");
  }

  /// Version 1 has no [run_presets] and never waits for DRAM, as later ones with CALC.
  void bandwidth() {
    if (const auto* banks = file_.find(kArchitecture, "MemoryBanks"); banks && banks->value != "1")
      wrong_.error(banks->value_place,
                   fmt::format("MemoryBanks is {}, and maps of banks are not modelled", banks->value), "write 1");
    const auto* mode = has(kRun) ? required(kRun, "InterfaceBandwidth", "InterfaceBandwidth: CALC") : nullptr;
    const bool user = mode && mode->value == "USER";
    if (mode && !user && mode->value != "CALC")
      wrong_.error(mode->value_place, fmt::format("InterfaceBandwidth is \"{}\"", mode->value),
                   "it must be USER or CALC");
    if (user)
      c_.bandwidth = WordsPerCycle{whole("Bandwidth", kMostBandwidth)};
    else if (file_.find(kArchitecture, "Bandwidth"))
      ignored_.emplace_back("Bandwidth (it counts with InterfaceBandwidth USER)");
  }

  Diagnostics wrong_;
  IniFile file_;
  ScaleSimConfig c_;
  std::vector<std::string> ignored_;
};

}  // namespace

ScaleSimConfig read_scalesim_config(std::string_view text, const std::string& name) {
  return ConfigReader{text, name}.read();
}

}  // namespace eyrie
