#!/bin/sh
# {name} in {count} shards on Slurm, merged once all of them are done.
# Run this with `sh`, in the folder from which `smsim run` would be typed and which all nodes share. Set SMSIM if smsim
# is not on the path. A shard that failed, or was stopped, may be submitted again: it goes on from what it finished.
set -eu
array=$(sbatch --parsable --job-name={job} --array=1-{count} --cpus-per-task=1 --requeue \
    --output={job}-%A-%a.log <<'SHARD'
#!/bin/sh
exec "${SMSIM:-smsim}" {run} --shard "$SLURM_ARRAY_TASK_ID/{count}" --threads "${SLURM_CPUS_PER_TASK:-1}"
SHARD
)
merge=$(sbatch --parsable --job-name={job}-merge --dependency="afterok:$array" --kill-on-invalid-dep=yes \
    --output={job}-%j.log <<'MERGE'
#!/bin/sh
exec "${SMSIM:-smsim}" {merge}
MERGE
)
echo "shards: job $array; merge: job $merge; results: {results}"
