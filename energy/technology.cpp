#include "energy/technology.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "energy/scaling.hpp"

namespace eyrie {

static void describe(Fields& f, PartFigure& p) {
  f.about("one figure of a part, with its source");
  f.place(p.where);
  f.required("what", p.what, "what it is of");
  f.optional("at", p.at, "operand or word width; bits of flip-flops or wires", AtLeast(1));
  f.optional("depth", p.depth, "words of a register file", AtLeast(1));
  f.optional("energy", p.energy, "of one", AtLeast(0));
  f.optional("area", p.area, "of one", Positive());
  f.optional("leakage", p.leakage, "of one", AtLeast(0));
  f.required("technology", p.technology, "process node that it is for", Positive());
  f.required("voltage", p.voltage, "supply that it is for", Positive());
  f.required("source", p.source, "where the figure comes from");
  f.required("confidence", p.confidence, "how much it can be trusted");
  f.optional("note", p.note, "how it was derived, or what to beware of");
  f.optional("within", p.within, "factor by which it may be too small or too large; else that of its confidence",
             AtLeast(1));
}

static void describe(Fields& f, DramType& d) {
  f.about("a kind of DRAM");
  f.place(d.where);
  f.required("name", d.name, "its name");
  f.optional("title", d.title, "what it is, in a line");
  f.required("energy", d.energy, "of a bit moved", Positive());
  f.required("source", d.source, "where the figure comes from");
  f.required("confidence", d.confidence, "how much it can be trusted");
  f.optional("note", d.note, "what is in it, or what to beware of");
  f.optional("within", d.within, "factor by which it may be too small or too large; else that of its confidence",
             AtLeast(1));
  f.optional("activation", d.activation, "of opening a row; unsaid: in `energy`, or not known", Positive());
  f.optional("row", d.row, "bytes of a row", AtLeast(0));
  f.optional("locality", d.locality, "share of a row that is moved each time it is opened",
             Range{.least = 0, .most = 1, .least_excluded = true});
}

void describe(Fields& f, DramTypes& d) {
  f.about("kinds of DRAM, by what a bit costs");
  f.required("kind", d.kind, "`dram_types`");
  f.required("name", d.name, "its name");
  f.required("types", d.types, "the kinds");
}

void describe(Fields& f, TechnologyFile& t) {
  f.about("figures of parts from which a machine's prices follow, or a base taken to another node and supply");
  f.place(t.where);
  f.required("kind", t.kind, "`technology`");
  f.required("name", t.name, "its name");
  f.optional("title", t.title, "what it is, in a line");
  f.required("technology", t.technology, "process node", Positive());
  f.required("voltage", t.voltage, "core supply", Positive());
  f.optional("base", t.base, "a technology or energy table to scale: a name, or a path from this file's folder");
  f.optional("frequency", t.frequency, "core clock at which the base table's leakage a cycle holds", Positive());
  f.optional("dram", t.dram, "which of `drams` stands beside the chip, where the machine doesn't say");
  f.optional("drams", t.drams, "a file of kind `dram_types`");
  f.optional("srams", t.srams, "files of kind `sram_sweep`");
  f.optional("figures", t.figures, "of parts, each at its own node and supply");
}

DramTypes read_dram_types(const YamlDocument& document) {
  auto all = read_yaml<DramTypes>(document);
  Diagnostics wrong;
  if (all.kind != "dram_types")
    wrong.error(document.place_of("kind"), fmt::format("kind is {}, and types of DRAM were wanted", all.kind),
                "write `kind: dram_types`");
  std::set<std::string> seen;
  for (const auto& d : all.types) {
    if (!seen.insert(d.name).second)
      wrong.error(d.where, fmt::format("{} is there twice", d.name), "keep one of the two");
    if (d.source.empty())
      wrong.error(d.where, fmt::format("{} has no source", d.name), "say where the figure comes from");
    if (d.activation && d.row == Bytes{})
      wrong.error(d.where, fmt::format("{} has an activation and no row", d.name), "say how many bytes a `row` has");
  }
  wrong.raise_if_any();
  return all;
}

const DramType& Technology::dram_called(const std::string& type, const Place& asked) const {
  const auto& wanted = type.empty() ? dram : type;
  const auto found = std::ranges::find(drams, wanted, &DramType::name);
  if (found != drams.end()) return *found;
  std::vector<std::string_view> known;
  for (const auto& d : drams) known.push_back(d.name);
  if (known.empty())
    throw InputError(asked, fmt::format("{} knows no types of DRAM, and {} was asked for", name, wanted),
                     "name a file of kind `dram_types` under `drams`");
  throw InputError(asked, fmt::format("{} knows no DRAM called {}", name, wanted), did_you_mean(wanted, known));
}

namespace {

/// Runs `act`; what it throws without a place is said at `place`.
template <class Act>
void at(const Place& place, Diagnostics& wrong, Act act) {
  try {
    act();
  } catch (const InputError& e) {
    for (const auto& d : e.diagnostics()) wrong.error(d.place.file.empty() ? place : d.place, d.problem, d.remedy);
  }
}

class Reader {
 public:
  Reader(const YamlDocument& document, const OpenNamed& open, int depth)
      : document_{document}, open_{open}, depth_{depth}, file_{read_yaml<TechnologyFile>(document)} {}

  Technology read() {
    if (file_.kind != "technology")
      wrong_.error(document_.place_of("kind"), fmt::format("kind is {}, and a technology was wanted", file_.kind),
                   "write `kind: technology`");
    if (file_.base.empty() == file_.figures.empty())
      wrong_.error(file_.where,
                   fmt::format("{} has {}", file_.name,
                               file_.base.empty() ? "neither figures nor a base" : "figures and a base"),
                   "give it `figures` of its own, or the name of a `base` to scale");
    wrong_.raise_if_any();
    Technology t;
    if (!file_.base.empty()) at(document_.place_of("base"), wrong_, [&] { t = base(); });
    t.name = file_.name;
    t.title = file_.title;
    t.technology = file_.technology;
    t.voltage = file_.voltage;
    t.where = file_.where;
    if (file_.frequency) t.frequency = file_.frequency;
    if (!file_.figures.empty()) t.figures = file_.figures;
    named(t);
    if (wrong_.empty()) check(t);
    wrong_.raise_if_any();
    if (depth_ == 0 && !t.sweeps.empty()) t.sram.emplace(nearest_sweep(t));
    return t;
  }

 private:
  /// A model takes long to make, so only the file that decides on the node has one made.
  static const SramSweep& nearest_sweep(const Technology& t) {
    const auto far = [&](const SramSweep& s) { return std::abs(std::log(s.technology.nm / t.technology.nm)); };
    return *std::ranges::min_element(t.sweeps, {}, far);
  }

  Technology base() {
    if (depth_ > 8)
      throw InputError({"", 0, 0}, fmt::format("the base of {} leads to ever more bases", file_.name),
                       "name a base that doesn't come back to this file");
    const auto document = open_(file_.base, document_.name());
    if (document.top_level_text("kind") == "energy_table") {
      Technology t;
      t.table = read_energy_table(document);
      return t;
    }
    return Reader{document, open_, depth_ + 1}.read();
  }

  /// Files that this one names.
  void named(Technology& t) {
    if (!file_.srams.empty()) t.sweeps.clear();
    for (std::size_t i = 0; i < file_.srams.size(); ++i)
      at(document_.place_of(fmt::format("srams.{}", i)), wrong_,
         [&] { t.sweeps.push_back(read_sram_sweep(open_(file_.srams[i], document_.name()))); });
    if (!file_.drams.empty())
      at(document_.place_of("drams"), wrong_,
         [&] { t.drams = read_dram_types(open_(file_.drams, document_.name())).types; });
    if (!file_.dram.empty()) t.dram = file_.dram;
  }

  void check(const Technology& t) {
    if (file_.frequency && !(t.table && std::ranges::count(t.table->prices, Priced::Leakage, &Price::action) > 0))
      wrong_.error(document_.place_of("frequency"), "the base has no price for leakage, which is all that it is for",
                   "leave it out; leakage of parts is a power, whatever the clock");
    if (t.table && t.table->voltage.v > 0)
      at(document_.place_of("technology"), wrong_,
         [&] { (void)energy_ratio(t.table->technology, t.table->voltage, t.technology, t.voltage); });
    if (t.table ? !t.dram.empty() : true)
      at(document_.place_of("dram"), wrong_, [&] { (void)t.dram_called("", document_.place_of("dram")); });
    if (t.table) return;
    at(document_.place_of("technology"), wrong_,
       [&] { (void)energy_ratio(t.technology, t.voltage, t.technology, t.voltage); });
    if (t.sweeps.empty())
      wrong_.error(t.where, fmt::format("{} has no SRAM sweep", t.name), "name one or more under `srams`");
    if (wrong_.empty()) check_parts(t);
  }

  void check_parts(const Technology& t) {
    for (const auto& f : t.figures) {
      if (!f.energy && !f.area && !f.leakage)
        wrong_.error(f.where, fmt::format("the figure of {} has no value", name_of(f.what)),
                     "give energy, area or leakage");
      if (f.what == PartKind::RegisterFile && (f.energy || f.leakage))
        wrong_.error(f.where, "a register_file has an area alone",
                     "its energies are those of register_read and register_write; it leaks as flip-flops do");
      at(f.where, wrong_, [&] { (void)energy_ratio(f.technology, f.voltage, t.technology, t.voltage); });
    }
    const auto needs = [&](PartKind part, auto has, std::string_view what) {
      if (std::ranges::none_of(t.figures, [&](const PartFigure& f) { return f.what == part && has(f); }))
        wrong_.error(t.where, fmt::format("{} has no {} of {}", t.name, what, name_of(part)),
                     "machines need it: add a figure with its source");
    };
    for (const auto& row : names<PartKind>::table)
      if (row.value != PartKind::RegisterFile)
        needs(
            row.value, [](const PartFigure& f) { return f.energy.has_value(); }, "energy");
    for (const PartKind part : {PartKind::Multiply, PartKind::Add, PartKind::RegisterWrite})
      needs(
          part, [](const PartFigure& f) { return f.area.has_value(); }, "area");
    for (const PartKind part : {PartKind::Multiply, PartKind::Add})
      needs(
          part, [](const PartFigure& f) { return f.leakage.has_value(); }, "leakage");
  }

  const YamlDocument& document_;
  const OpenNamed& open_;
  int depth_;
  TechnologyFile file_;
  Diagnostics wrong_;
};

}  // namespace

Technology read_technology(const YamlDocument& document, const OpenNamed& open) {
  return Reader{document, open, 0}.read();
}

/// A figure of a sweep's macro at the technology's node and supply.
static SramEstimate taken_to(const Technology& t, SramFigure figure, const SramModel::Value& v, Bytes capacity,
                             Bits width) {
  const auto& s = t.sram->sweep();
  const Volts at{std::min(t.voltage.v, 1.3)};  // the most that nodes below 150 nm are compared at
  const double supplies = t.voltage.v / s.voltage.v;
  double factor = 1;
  if (figure == SramFigure::Read || figure == SramFigure::Write)
    factor = energy_ratio(s.technology, at, t.technology, at) * supplies * supplies;
  if (figure == SramFigure::Leakage) factor = leakage_ratio(s.voltage, t.voltage);
  if (figure == SramFigure::Area) factor = area_ratio(s.technology, t.technology);
  if (figure == SramFigure::Access || figure == SramFigure::Cycle) factor = delay_ratio(s.technology, t.technology);
  const double causes[] = {v.within, usual_width(s.confidence),
                           scaling_width(s.technology, s.voltage, t.technology, t.voltage)};
  SramEstimate e{.value = v.value * factor, .within = combined(causes), .source = s.source, .note = {}};
  e.note = v.macros > 1 ? fmt::format("{} macros of {:.0f} B x {:.0f} b", v.macros,
                                      static_cast<double>(capacity.count()) / static_cast<double>(v.macros),
                                      static_cast<double>(width.count()) / static_cast<double>(v.macros))
                        : fmt::format("{} B x {} b", capacity.count(), width.count());
  e.note += fmt::format(" in {} nm at {} V", s.technology.nm, s.voltage.v);
  if (v.outside) e.note += ", extrapolated";
  if (factor != 1) e.note += fmt::format(", x {:.3g}", factor);
  return e;
}

static const SramModel& sram_of(const Technology& t) {
  if (t.sram) return *t.sram;
  throw InputError({"", 0, 0}, fmt::format("{} has no SRAM sweep", t.name), "name one or more under `srams`");
}

SramEstimate sram_estimate(const Technology& t, SramFigure figure, Bytes capacity, Bits width) {
  return taken_to(t, figure, sram_of(t).of(figure, capacity, width), capacity, width);
}

SramEstimate sram_area(const Technology& t, Bytes capacity, Bits width) {
  const auto [value, port] = sram_of(t).area_up_to(capacity, width);
  auto e = taken_to(t, SramFigure::Area, value, capacity, port);
  if (port < width) e.note += fmt::format("; no wider port up to {} b takes more", width.count());
  return e;
}

EnergyTable read_prices(const YamlDocument& document, const Architecture& a, const OpenNamed& open) {
  const ReadTechnology read = [&](const YamlDocument& d) {
    return std::make_shared<const Technology>(read_technology(d, open));
  };
  return read_prices(document, a, read);
}

EnergyTable read_prices(const YamlDocument& document, const Architecture& a, const ReadTechnology& read) {
  const bool from_parts = document.top_level_text("kind") == "technology";
  auto table = from_parts ? table_for(*read(document), a) : read_energy_table(document);
  drop_sums_of_others(table, a);
  if (from_parts) return table;
  if (!a.dram.type.empty())
    throw InputError(
        a.where,
        fmt::format("the dram of {} is {}, and {} prices one DRAM, whatever it is", a.name, a.dram.type, table.name),
        "name a technology as energy_table (generic_65nm, or one with this table as its base), or leave out dram.type");
  return table;
}

}  // namespace eyrie
