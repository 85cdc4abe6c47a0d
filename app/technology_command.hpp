#pragma once

#include <string>
#include <vector>

#include "app/catalogue.hpp"
#include "energy/technology.hpp"

namespace eyrie {

/// Opens what technologies name: on the shelf, or beside the file that names it. Refers to the catalogue.
OpenNamed technologies_of(const Catalogue&);

/// The schema of the shelf of technologies: energy tables, technologies, SRAM sweeps, DRAM types.
std::string technologies_schema();
/// A file of that shelf with every default written out.
std::string technology_in_full(const YamlDocument&, const Catalogue&);
/// Throws InputError if a file of kind technology, sram_sweep or dram_types is wrong, or what it names.
void check_technology(const YamlDocument&, const Catalogue&);

/// `eyrie show technology NAME --arch ARCH`: what each action of the machine costs, from where to where it may lie, and
/// how that was derived, as a `table` or in `markdown`; NAME as in `energy_table`, empty for the machine's own.
int show_prices(const Catalogue&, const std::string& name, const std::string& machine,
                const std::vector<std::string>& overrides, const std::string& format);
/// `eyrie show sram NAME`: how far the interpolation of a sweep is off where it doesn't know a point.
int show_sram(const Catalogue&, const std::string& name, const std::string& format);

}  // namespace eyrie
