export { type Live, type LiveAgent, type LiveTeam, openLive } from '../agents/live.ts';
