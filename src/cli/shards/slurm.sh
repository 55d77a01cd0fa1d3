#!/bin/sh
# {name} in {count} shards on Slurm, merged once all of them are done.
# Run this with `sh`, in the folder from which `smsim run` would be typed and which all nodes share. Set SMSIM if smsim
# is not on the path. A shard that failed, or was stopped, may be submitted again: it goes on from what it finished.
set -eu
shards=$(sbatch --parsable --array=1-{count} <<'SHARD'
#!/bin/sh
#SBATCH --job-name={job}
#SBATCH --output=%x-%A-%a.log
#SBATCH --cpus-per-task=1
#SBATCH --requeue
exec "${SMSIM:-smsim}" {run} --shard "$SLURM_ARRAY_TASK_ID/{count}" --threads "${SLURM_CPUS_PER_TASK:-1}"
SHARD
)
merge=$(sbatch --parsable --dependency="afterok:$shards" --kill-on-invalid-dep=yes <<'MERGE'
#!/bin/sh
#SBATCH --job-name={job}-merge
#SBATCH --output=%x-%j.log
exec "${SMSIM:-smsim}" {merge}
MERGE
)
echo "shards: job $shards; merge: job $merge; results: {results}"
