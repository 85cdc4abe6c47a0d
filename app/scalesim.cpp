#include "app/scalesim.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <optional>

#include "base/text_file.hpp"
#include "interchange/scalesim_machine.hpp"
#include "report/render.hpp"

namespace eyrie {

namespace {

/// Files that are read one after the other and complained of together.
class Together {
 public:
  template <class Read>
  auto operator()(Read read) -> std::optional<decltype(read())> {
    try {
      return read();
    } catch (const InputError& e) {
      wrong_.insert(wrong_.end(), e.diagnostics().begin(), e.diagnostics().end());
      return std::nullopt;
    }
  }
  void raise_if_any() const {
    if (!wrong_.empty()) throw InputError(wrong_);
  }

 private:
  std::vector<Diagnostic> wrong_;
};

std::string text_of(const std::string& path, std::string_view wanted) {
  auto text = read_text_file(path, wanted);
  check_utf8(text, path, wanted);
  return text;
}

Experiment experiment(const ScaleSimConfig& c, const ScaleSimImport& done) {
  Experiment e;
  e.name = c.run_name;
  e.architecture = done.written[0];
  e.workload = done.written[1];
  e.dataflow = name_of(c.stationary);
  return e;
}

Words words_of(const Figures& f, const std::string& component, Operand t) {
  return f.counts.words(component, t, t == Operand::Output ? Action::Write : Action::Read);
}

ScaleSimLayerFigures figures(const Figures& f, const Architecture& a) {
  ScaleSimLayerFigures l{.cycles = f.cycles,
                         .stalls = f.cycles - f.processing_cycles,
                         .macs = f.macs,
                         .pes = f.pes,
                         .sram = {},
                         .dram = {}};
  if (const auto all = f.stack.total(); all > 0)
    l.mapping_efficiency = static_cast<double>(all - f.stack[Cause::Unmapped]) / static_cast<double>(all);
  for (const Operand t : kAllOperands) {
    const auto i = static_cast<std::size_t>(t);
    l.dram[i].words = words_of(f, a.dram.name, t);
    if (const auto* buffer = a.buffer(t)) l.sram[i].words = words_of(f, buffer->name, t);
  }
  return l;
}

}  // namespace

ScaleSimImport import_scalesim_files(const ScaleSimFiles& files, const std::string& folder) {
  Together read;
  const auto config =
      read([&] { return read_scalesim_config(text_of(files.config, "a SCALE-Sim configuration"), files.config); });
  const auto topology = read([&] {
    return read_scalesim_topology(text_of(files.topology, "a SCALE-Sim topology"), files.topology,
                                  files.gemm ? ScaleSimForm::Gemm : ScaleSimForm::Convolution);
  });
  read.raise_if_any();
  const Bits word{files.word_bits};
  ScaleSimImport done;
  for (const auto* kind : {"architecture", "workload", "experiment"})
    done.written.push_back(fmt::format("{}/{}.yaml", folder, kind));
  const auto machine = scalesim_architecture_text(*config, word), network = scalesim_workload_text(*topology);
  (void)read_architecture(YamlDocument::from_text(machine, done.written[0]));
  (void)Network::from_yaml(YamlDocument::from_text(network, done.written[1]), 1);
  auto e = experiment(*config, done);
  write_file(done.written[0], machine);
  write_file(done.written[1], network);
  write_file(done.written[2], write_yaml([&](Fields& f) { describe(f, e); }));
  for (const auto& notes : {scalesim_choices(*config, word), config->notes, topology->notes})
    done.notes.insert(done.notes.end(), notes.begin(), notes.end());
  done.command = "eyrie run " + done.written[2];
  return done;
}

int import_scalesim(const ScaleSimFiles& files, const std::string& folder) {
  const auto done = import_scalesim_files(files, folder);
  for (const auto& note : done.notes) fmt::print(stderr, "note: {}\n", note);
  fmt::print("written: {}\nrun it: {}\n", fmt::join(done.written, " "), done.command);
  return 0;
}

std::vector<ScaleSimLayerFigures> scalesim_figures(const ExperimentResult& r) {
  std::vector<ScaleSimLayerFigures> all;
  for (const auto& l : r.layers)
    if (l.place == PlaceOf::Machine) all.push_back(figures(l.figures, r.architecture));
  return all;
}

void export_scalesim(const ExperimentResult& result, const std::string& folder) {
  const auto reports = scalesim_reports(scalesim_figures(result));
  write_file(folder + "/COMPUTE_REPORT.csv", reports.compute);
  write_file(folder + "/BANDWIDTH_REPORT.csv", reports.bandwidth);
  write_file(folder + "/DETAILED_ACCESS_REPORT.csv", reports.detailed);
  fmt::print(stderr, "written: {0}/COMPUTE_REPORT.csv {0}/BANDWIDTH_REPORT.csv {0}/DETAILED_ACCESS_REPORT.csv\n",
             folder);
}

}  // namespace eyrie
