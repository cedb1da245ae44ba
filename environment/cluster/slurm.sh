#!/bin/sh
#SBATCH --job-name=espalier
#SBATCH --array=0-3
#SBATCH --cpus-per-task=8
#SBATCH --mem=16G
#SBATCH --time=24:00:00
#SBATCH --signal=B:TERM@60
#SBATCH --requeue
#SBATCH --output=espalier-%A-%a.log
#
# A sweep as a Slurm array: sbatch environment/cluster/slurm.sh GRID [ESPALIER_OPTIONS...], from the repository's root, on a file system that
# all nodes share. Each array task does its shard, with a worker of one thread on each of its processors. What is cut off by the time limit
# goes on from its checkpoints when the array is submitted again; change --array at will, since the store knows what is done.
# With GPUs: add "#SBATCH --gpus-per-task=1" and "--workers 2", or however many runs one GPU holds.
set -e
[ $# -ge 1 ] || { echo "usage: sbatch environment/cluster/slurm.sh GRID [ESPALIER_OPTIONS...]" >&2; exit 2; }
first=${SLURM_ARRAY_TASK_MIN:-0}
# exec: Slurm's TERM, a minute before the time is up, reaches the sweep, which then puts its things in order.
grid=$1
shift
exec environment/espalier sweep "$grid" --shard "$((${SLURM_ARRAY_TASK_ID:-0} - first))/${SLURM_ARRAY_TASK_COUNT:-1}" \
    --workers "${SLURM_CPUS_PER_TASK:-1}" "$@"
