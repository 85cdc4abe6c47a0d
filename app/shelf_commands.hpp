#pragma once

#include <string>
#include <vector>

#include "app/catalogue.hpp"

namespace eyrie {

// The commands about files: what ships, one thing in full, is this right? Each prints to stdout and returns the exit
// code; what is wrong is an InputError.

/// `eyrie list KIND`: names; of workloads also MACs, parameters, layers and title at batch 1. FORMAT `names` leaves
/// these out; `markdown`, for workloads, is the table of docs/workloads.md.
int list_shelf(const Catalogue&, const std::string& kind, const std::string& format);
/// `eyrie show KIND NAME`, every default written out; NAME `schema` for the JSON Schema of the kind.
int show_item(const Catalogue&, const std::string& kind, const std::string& name);
/// `eyrie show dataflow NAME`: the loop nest that its mappings share, and what stays where.
int show_dataflow(const Catalogue&, const std::string& name);
/// `eyrie check FILE...`: all that is wrong in all of them.
int check_files(const Catalogue&, const std::vector<std::string>& files, bool quiet);

}  // namespace eyrie
