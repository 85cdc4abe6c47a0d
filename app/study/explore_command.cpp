#include "app/study/explore_command.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <thread>

#include "app/out_folder.hpp"
#include "app/study/slurm_submit.hpp"
#include "app/study/study_merge.hpp"
#include "app/study/study_out.hpp"
#include "app/study/study_run.hpp"
#include "base/text_file.hpp"

namespace eyrie {

namespace fs = std::filesystem;

std::optional<Bytes> memory_of(const ExploreRequest& r) {
  return r.memory_mb > 0 ? std::optional{Bytes{r.memory_mb * 1024 * 1024}} : std::nullopt;
}

namespace {

constexpr const char* kStore = "study.sqlite";

std::string store_of(const std::string& folder) { return folder + "/" + kStore; }

/// Where a shard's results go.
std::string shard_store(const std::string& folder, const std::string& stage, const Shard& s) {
  return fmt::format("{}/shards/{}-{}-of-{}.sqlite", folder, stage, s.part, s.of);
}

/// A store of a folder, or a file that is one.
std::string existing_store(const std::string& path) {
  std::error_code error;
  const auto file = fs::is_directory(path, error) ? store_of(path) : path;
  if (!fs::exists(file, error))
    throw InputError({path, 0, 0}, "there is no study", "name a folder that `eyrie explore --out` wrote");
  return file;
}

void print(const ExploreRequest& request, const StudyResult& result) {
  fmt::print("{}", request.format == "json"  ? to_json(result)
                   : request.format == "csv" ? to_csv(result, false)
                                             : to_table(result));
}

/// InputError if there is no legal design: then it is the study that is wrong, and nothing is written.
void check_any_legal(const StudyResult& r, const Study& study) {
  const auto none = std::ranges::all_of(
      r.designs, [](const DesignResult& d) { return d.status == PointStatus::Illegal && !d.closed && !d.simulated; });
  if (!none) return;
  const auto& first = r.designs.front();
  throw InputError({study.place, 0, 0}, fmt::format("no design is legal; {}: {}", first.number, first.reason),
                   "mend the files that it names, its `set` or its parameters");
}

/// What is printed and written when all is there.
int finish(const ExploreRequest& request, const Study& study, const StudyStore& store, const std::string& folder) {
  auto result = result_of(study, store);
  check_any_legal(result, study);
  result.reports = true;
  const auto written = write_study(result, study, store, folder);
  print(request, result);
  if (!request.quiet) fmt::print(stderr, "written: {}\n", fmt::join(written, " "));
  if (!result.front.empty()) return 0;
  const auto why = std::ranges::find_if(result.designs, [&](const DesignResult& d) {
    return d.status != PointStatus::Done && (d.simulated || !result.simulated);
  });
  fmt::print(stderr, "no {}design is fit for the front{}\n", result.simulated ? "simulated " : "",
             why == result.designs.end()
                 ? std::string()
                 : fmt::format("; design {}: {}: {}", why->number, name_of(why->status), why->reason));
  return 1;
}

std::string in_words(const StudyState& s) {
  auto text = fmt::format("{} designs", s.designs);
  if (s.all_designs > 0) text = fmt::format("{} of {} designs", s.designs, s.all_designs);
  text += fmt::format("; closed form: {} of {} points", s.closed, s.all_closed);
  if (s.all_simulated > 0) text += fmt::format("; simulated: {} of {} points", s.simulated, s.all_simulated);
  if (s.all_simulated == 0 && s.simulated > 0) text += fmt::format("; simulated: {} points", s.simulated);
  for (const auto& [status, count] : s.points)
    if (status != PointStatus::Done) text += fmt::format("; {} {}", count, name_of(status));
  return text;
}

int interrupted_with(const StudyStore& store) {
  fmt::print(stderr, "interrupted; what is finished is kept in {}, and the same command goes on\n", store.file());
  return 1;
}

/// Points that failed by what may be another time are computed again, if that is wanted.
void retry(const ExploreRequest& request, StudyStore& store) {
  if (!request.retry) return;
  const auto n = store.forget({PointStatus::Crashed, PointStatus::OutOfMemory, PointStatus::Wrong});
  if (n > 0 && !request.quiet) fmt::print(stderr, "{} points that failed are computed again\n", n);
}

/// One shard of a stage, into a store of its own.
int run_shard(const ExploreRequest& request, const Study& study, Engine& engine,
              const std::function<bool()>& interrupted) {
  const auto shard = read_shard(request.shard);
  const bool closed = request.stage != "simulated";
  const auto file = shard_store(request.out, closed ? "closed" : "simulated", shard);
  fs::create_directories(fs::path(file).parent_path());
  std::optional<StudyStore> main;
  if (!closed) {
    main.emplace(StudyStore::read_only(existing_store(request.out)));
    check_is_of(*main, study);
  }
  StudyStore store{file};
  claim(store, study);
  retry(request, store);
  StudyProgress progress{request.quiet};
  StudyRun run{study, store, engine, progress, interrupted};
  if (closed) return run.closed(shard) ? 0 : interrupted_with(store);
  const auto state = state_of(study, *main);
  if (!state.closed_complete())
    throw InputError({main->file(), 0, 0}, "not all is known in closed form yet: " + in_words(state),
                     "merge all shards of that stage first: `eyrie explore merge`");
  return run.simulated(to_simulate(study, *main), shard) ? 0 : interrupted_with(store);
}

/// A study as a whole, into its folder.
int run_whole(const ExploreRequest& request, const Study& study, const std::string& folder, Engine& engine,
              const std::function<bool()>& interrupted) {
  StudyStore store{store_of(folder)};
  claim(store, study);
  retry(request, store);
  StudyProgress progress{request.quiet};
  StudyRun run{study, store, engine, progress, interrupted};
  if (!run.closed()) return interrupted_with(store);
  if (request.stage != "closed" && study.simulate && !run.simulated(to_simulate(study, store)))
    return interrupted_with(store);
  return finish(request, study, store, folder);
}

int resume(const ExploreRequest& request, const Catalogue& catalogue, const std::function<bool()>& interrupted) {
  std::error_code error;
  if (fs::exists(request.out, error) && !fs::is_directory(request.out, error))
    throw InputError({request.out, 0, 0}, "it is no folder", "name the folder of the study: there its tables go");
  const auto file = existing_store(request.out);
  const auto study = study_of(StudyStore::read_only(file), catalogue);
  const auto engine = local_engine(request.jobs, memory_of(request), catalogue);
  return run_whole(request, study, request.out, *engine, interrupted);
}

/// Exit code 1 while anything is missing.
int status(const ExploreRequest& request, const Catalogue& catalogue) {
  const auto store = StudyStore::read_only(existing_store(request.out));
  const auto state = state_of(study_of(store, catalogue), store);
  fmt::print("{}: {}\n{}\n", store.fact("name"), in_words(state), state.complete() ? "complete" : "not complete");
  return state.complete() ? 0 : 1;
}

int merge(const ExploreRequest& request, const Catalogue& catalogue) {
  std::vector<std::string> shards = request.stores;
  std::error_code error;
  if (shards.empty())
    for (const auto& e : fs::directory_iterator(request.out + "/shards", error))
      if (e.path().extension() == ".sqlite" &&
          (request.stage != "closed" || e.path().filename().string().starts_with("closed-")))
        shards.push_back(e.path().string());
  std::ranges::sort(shards);
  if (shards.empty())
    throw InputError({request.out, 0, 0}, "there are no shards in it", "name their stores, or run them with --shard");
  for (auto& s : shards) s = existing_store(s);
  const OutFolder out{request.out, "OUT"};
  const auto store = merged(store_of(request.out), shards, request.stores.empty());
  const auto study = study_of(store, catalogue);
  const auto state = state_of(study, store);
  if (!request.quiet) fmt::print(stderr, "{} stores merged; {}\n", shards.size(), in_words(state));
  if (state.complete()) return finish(request, study, store, request.out);
  const bool closed_only = request.stage == "closed" && state.closed_complete();
  if (!closed_only)
    fmt::print(stderr, "not complete: run the missing shards, or `eyrie explore resume {}`\n", request.out);
  return closed_only ? 0 : 1;
}

void common(CLI::App& app, ExploreRequest& r) {
  app.add_option("--jobs", r.jobs, "processes at once; results do not depend on it")->check(CLI::Range(1, 1024));
  app.add_option("--memory", r.memory_mb, "what they may take together, in MB")->check(CLI::Range(1, 1 << 24));
  app.add_option("--format", r.format, "what is printed")->check(CLI::IsMember({"table", "json", "csv"}));
  app.add_flag("--quiet", r.quiet, "no progress");
}

/// Becomes the program that has MPI in it, which lies beside this one. Returns only to say that there is none.
[[noreturn]] void become_mpi_program(const ExploreRequest& request) {
  std::error_code error;
  const auto program = (fs::canonical("/proc/self/exe", error).parent_path() / "eyrie-mpi").string();
  std::vector<std::string> arguments = request.arguments;
  std::vector<char*> values;
  for (auto& a : arguments) values.push_back(a.data());
  values.push_back(nullptr);
  ::execv(program.c_str(), values.data());
  throw InputError({"--engine", 0, 0}, fmt::format("{} is not there: Eyrie was built without MPI", program),
                   "install libopenmpi-dev, then configure and build again");
}

std::unique_ptr<Engine> engine_of(const ExploreRequest& request, const Catalogue& catalogue,
                                  const MakeEngine& make_engine) {
  if (request.engine == "mpi") return make_engine(request, catalogue);
  return local_engine(request.jobs, memory_of(request), catalogue);
}

/// Options that mean nothing together.
void check_request(const ExploreRequest& r) {
  const bool slurm = r.engine == "slurm";
  const auto refuse = [](const char* option, const char* problem, const char* remedy) {
    throw InputError({option, 0, 0}, problem, remedy);
  };
  if (slurm && !r.shard.empty()) refuse("--shard", "Slurm's jobs choose their shards", "say how many with --shards");
  if (!slurm && r.shards > 0)
    refuse("--shards", "only Slurm's arrays have it", "add --engine slurm, or use --shard i/n");
  if (!slurm && !r.slurm_options.empty()) refuse("--sbatch", "nothing is submitted", "add --engine slurm");
  if (!slurm && !r.submit) refuse("--no-submit", "nothing is submitted", "add --engine slurm");
  if (r.stage == "simulated" && r.shard.empty())
    refuse("--stage", "only a shard can begin with simulations", "add --shard i/n, or leave --stage out");
}

}  // namespace

int explore(const ExploreRequest& request, const Catalogue& catalogue, const MakeEngine& make_engine,
            const std::function<bool()>& interrupted) {
  check_request(request);
  if (request.out.empty()) throw InputError({"--out", 0, 0}, "it is empty", "name a folder");
  const OutFolder out{request.out, "--out"};
  const auto file = catalogue.find(Shelf::Studies, request.study);
  const auto text = read_text_file(file, "a YAML file");
  auto study = read_study(YamlDocument::from_text(text, file), request.overrides, catalogue);
  study.text = text;
  if (!study.is_search()) (void)choices_of(study);  // what is wrong with them changes no folder
  if (request.engine == "slurm") return submit_to_slurm(request, study, file);
  const auto engine = engine_of(request, catalogue, make_engine);
  if (!request.shard.empty()) return run_shard(request, study, *engine, interrupted);
  return run_whole(request, study, request.out, *engine, interrupted);
}

void explore_options(CLI::App& app, ExploreRequest& r, int& code, const MakeEngine& make_engine,
                     const std::function<bool()>& interrupted) {
  r.jobs = std::max(1U, std::thread::hardware_concurrency());
  app.add_option("study", r.study, "a file of kind study, or a name under configs/studies");
  app.add_option("--out", r.out, "folder of the study: its store, tables and page");
  app.add_option("--set", r.overrides, "a value changed in every design: PATH=VALUE, or experiment.KEY=VALUE");
  app.add_option("--shard", r.shard, "a part of the designs, i/n, into a store of its own under OUT/shards");
  app.add_option("--stage", r.stage, "how far: all, closed (no simulation), simulated (of a shard)")
      ->check(CLI::IsMember({"all", "closed", "simulated"}));
  app.add_option("--engine", r.engine, "who computes: processes here, ranks of mpirun, or an array of jobs of Slurm")
      ->check(CLI::IsMember({"local", "mpi", "slurm"}));
  app.add_option("--shards", r.shards, "of slurm: tasks of an array (default: one for 200 points)")
      ->check(CLI::Range(1, 100000));
  app.add_option("--sbatch", r.slurm_options, "of slurm: an option for all jobs, --sbatch=--partition=long");
  app.add_flag("!--no-submit", r.submit, "of slurm: write the scripts, and submit nothing");
  app.add_flag("--retry", r.retry, "compute points again that crashed or had no memory");
  common(app, r);
  auto* merge_it = app.add_subcommand("merge", "stores of shards into one; writes tables and page once all is there");
  merge_it->add_option("out", r.out, "folder of the study")->required();
  merge_it->add_option("stores", r.stores, "stores to take over (default: all under OUT/shards)");
  auto* status_it = app.add_subcommand("status", "how far a study is; exit code 1 while anything is missing");
  status_it->add_option("out", r.out, "folder or store of the study")->required();
  auto* resume_it = app.add_subcommand("resume", "computes what a study's store does not have");
  resume_it->add_option("out", r.out, "folder of the study")->required();
  for (auto* it : {merge_it, resume_it}) common(*it, r);
  merge_it->add_option("--stage", r.stage, "closed: simulations need not be there yet")
      ->check(CLI::IsMember({"all", "closed"}));
  resume_it->add_flag("--retry", r.retry, "compute points again that crashed or had no memory");
  merge_it->callback([&] { code = merge(r, Catalogue{r.program}); });
  status_it->callback([&] { code = status(r, Catalogue{r.program}); });
  resume_it->callback([&, interrupted] { code = resume(r, Catalogue{r.program}, interrupted); });
  app.callback([&, make_engine, interrupted] {
    if (!app.get_subcommands().empty()) return;
    for (const auto* needed : {app.get_option("study"), app.get_option("--out")})
      if (needed->empty()) throw CLI::RequiredError(needed->get_name());
    if (r.engine == "mpi" && !make_engine) become_mpi_program(r);
    code = explore(r, Catalogue{r.program}, make_engine, interrupted);
  });
}

}  // namespace eyrie
